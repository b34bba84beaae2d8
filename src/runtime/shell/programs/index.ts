/** The programs that containers have, by name. One line an entry; busybox applets and GNU tools share a file. */
import type { Program } from '../program.js';
import { cat } from './cat.js';
import { echo, printf } from './echo.js';
import { head } from './head.js';
import { simple } from './simple.js';
import { sleep } from './sleep.js';
import { tail } from './tail.js';

const list: readonly Program[] = [cat, echo, head, printf, sleep, tail, ...simple];

export const programs: ReadonlyMap<string, Program> = new Map(
  list.flatMap((program) => [program.name, ...(program.aliases ?? [])].map((name) => [name, program] as const)),
);
