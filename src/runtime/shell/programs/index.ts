/** The programs that containers have, by name. One line an entry; busybox applets and GNU tools share a file. */
import type { Program } from '../program.js';
import { sleep } from './sleep.js';

const list: readonly Program[] = [sleep];

export const programs: ReadonlyMap<string, Program> = new Map(
  list.flatMap((program) => [program.name, ...(program.aliases ?? [])].map((name) => [name, program] as const)),
);
