/*
 * Counts the instructions that a running program executes, by address: it is stopped, goes on instruction by instruction, and is let go.
 * Usage: `tracer PROCESS MARKER TURNS`: from the first time at the address MARKER until it has come there TURNS times more.
 * Prints `following` when the program is stopped, and at the end one line `address count` for every address; decimal.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

/* Many times the addresses that a tick can have; a power of two. */
#define PLACES (1u << 20)

static uint64_t addresses[PLACES];
static uint64_t counts[PLACES];

static void fail(const char *message) {
  fprintf(stderr, "%s\n", message);
  exit(1);
}

static void count(uint64_t address) {
  uint32_t place = (uint32_t)((address * 0x9e3779b97f4a7c15u) >> 44);
  while (counts[place] != 0 && addresses[place] != address) place = (place + 1) & (PLACES - 1);
  addresses[place] = address;
  counts[place]++;
}

static uint64_t stepOnce(pid_t process) {
  int status;
  if (ptrace(PTRACE_SINGLESTEP, process, 0, 0) != 0 || waitpid(process, &status, __WALL) != process || !WIFSTOPPED(status))
    fail("the program cannot be followed");
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, process, 0, &registers) != 0) fail("its registers cannot be read");
  return registers.rip;
}

int main(int argumentCount, char **arguments) {
  if (argumentCount != 4) fail("usage: tracer PROCESS MARKER TURNS");
  pid_t process = atoi(arguments[1]);
  uint64_t marker = strtoull(arguments[2], NULL, 10);
  long turns = atol(arguments[3]);
  int status;
  if (ptrace(PTRACE_ATTACH, process, 0, 0) != 0 || waitpid(process, &status, __WALL) != process) fail("the program cannot be stopped");
  puts("following");
  fflush(stdout);
  uint64_t at = 0;
  while (at != marker) at = stepOnce(process);
  for (long turn = 0; turn < turns; turn++) {
    do {
      count(at);
      at = stepOnce(process);
    } while (at != marker);
  }
  ptrace(PTRACE_DETACH, process, 0, 0);
  for (uint32_t place = 0; place < PLACES; place++)
    if (counts[place] != 0) printf("%llu %llu\n", (unsigned long long)addresses[place], (unsigned long long)counts[place]);
  return 0;
}
