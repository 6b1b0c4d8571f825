/** The line decoder under a gigabyte of garbage. */
import { it } from 'vitest';
import { expectFlatMemory } from './garbage.ts';

it('1 GB of garbage leaves nothing behind', () => {
  expectFlatMemory(1024);
}, 600_000);
