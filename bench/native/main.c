/*
 * The tick in the kernel's order, and the conversation with the benchmark: a process of its own on a copy of a run's memory.
 * Usage: `native FILE`; lines on standard input `restart`, `run TICKS` (until so many are done), `save`; each is answered by one line.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "model.h"

#define SECOND_NS 1000000000LL

static void countTick(Memory *m) {
  m->run_slowLeft--;
  if (!m->unit_running) {
    m->run_measuring = 0;
    return;
  }
  m->run_firmwareLeft--;
  m->run_measuring = m->run_firmwareLeft == 0;
}

static void step(Memory *m) {
  countTick(m);
  moveRelays(m);
  drawConsumption(m);
  stepDraws(m);
  solveNetwork(m);
  stepPack(m);
  m->run_tick++;
  addTotals(m);
  filterCurrent(m);
  if (m->run_slowLeft <= 0) {
    m->run_slowLeft = m->run_slowTicks;
    m->run_slowDone = m->run_tick;
    settleSums(m);
    stepThermal(m);
    stepParameters(m);
    recordTemperatures(m);
    exposeTemperatures(m);
  }
  if (m->run_measuring) {
    m->run_firmwareLeft = m->run_firmwareTicks;
    sense(m);
    if (m->unit_cellsLearnt == 0) m->unit_cellsLearnt = m->measured_cellCount;
    estimateSoc(m);
    formMeasurands(m);
    protect(m);
    balanceCells(m);
    followAlarm(m);
    refreshDisplay(m);
  }
  if (record(m)) exposeCells(m);
}

static void fail(const char *message) {
  fprintf(stderr, "%s\n", message);
  exit(1);
}

static long sizeOf(FILE *file) {
  fseek(file, 0, SEEK_END);
  long bytes = ftell(file);
  rewind(file);
  return bytes;
}

static char *allocate(long bytes) {
  char *memory = aligned_alloc(64, (size_t)(bytes + 63) / 64 * 64);
  if (memory == NULL) fail("no memory");
  return memory;
}

static void save(const char *path, const char *memory, long bytes) {
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(memory, 1, (size_t)bytes, file) != (size_t)bytes || fclose(file) != 0) fail("cannot write the memory");
}

/* Nanoseconds that the ticks took. */
static long long run(Memory *m, int lastTick) {
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  while (m->run_tick < lastTick) {
    step(m);
    if (!isfinite(m->pack_voltage_V)) fail("the voltage is not finite");
  }
  clock_gettime(CLOCK_MONOTONIC, &to);
  return (to.tv_sec - from.tv_sec) * SECOND_NS + (to.tv_nsec - from.tv_nsec);
}

int main(int count, char **arguments) {
  FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
  if (file == NULL) fail("usage: native FILE");
  long bytes = sizeOf(file);
  char *first = allocate(bytes);
  char *memory = allocate(bytes);
  if (fread(first, 1, (size_t)bytes, file) != (size_t)bytes) fail("cannot read the memory");
  fclose(file);
  memcpy(memory, first, (size_t)bytes);
  Memory *m = (Memory *)(memory + RECORD_BASE);

  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    long long answer = 0;
    if (strncmp(line, "run ", 4) == 0) answer = run(m, atoi(line + 4));
    if (strcmp(line, "restart\n") == 0) memcpy(memory, first, (size_t)bytes);
    if (strcmp(line, "save\n") == 0) save(arguments[1], memory, bytes);
    printf("%lld\n", answer);
    fflush(stdout);
  }
  free(memory);
  free(first);
  return 0;
}
