/** The programs that containers have, by name. One line an entry; busybox applets and GNU tools share a file. */
import type { Program } from '../program.js';
import { cat } from './cat.js';
import { date } from './date.js';
import { echo, printf } from './echo.js';
import { filePrograms } from './files.js';
import { grep } from './grep.js';
import { head } from './head.js';
import { ls, stat } from './ls.js';
import { sed } from './sed.js';
import { simple } from './simple.js';
import { sleep } from './sleep.js';
import { tail } from './tail.js';
import { tar } from './tar.js';
import { test } from './test.js';
import { textPrograms } from './text.js';

const list: readonly Program[] = [cat, date, echo, grep, head, ls, printf, sed, sleep, stat, tail, tar, test, ...filePrograms, ...simple, ...textPrograms];

export const programs: ReadonlyMap<string, Program> = new Map(
  list.flatMap((program) => [program.name, ...(program.aliases ?? [])].map((name) => [name, program] as const)),
);
