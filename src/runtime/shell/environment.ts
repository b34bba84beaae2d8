/** What a machine runs in, and the sources its frames point into. */
import type { Files, ProcessHost } from '../process.js';
import type { Executable, Parser } from './ast.js';
import type { Found } from './loading.js';
import type { Program } from './program.js';
import type { Flavour, Machine } from './state.js';

/** What a machine needs besides its state. */
export interface Environment {
  readonly host: ProcessHost;
  readonly parser: Parser;
  /** A program by name, if the image has it. */
  program(name: string): Program | undefined;
  /** Any program podsim has, whether the image has it or not. */
  anyProgram?(name: string): Program | undefined;
  /** Which shell `/bin/sh` is in this image, and what the named one is; undefined: it is no shell, or the image lacks it. */
  shellFlavour(name: string): Flavour | undefined;
  /** Programs found so far, by image, path and name. */
  readonly found?: Map<string, Found>;
  /** Its processes have a root of their own: only what has a file there can be run. */
  readonly isRooted?: true;
  /** The host's files as the process of that number sees them: with what the kernel shows. Absent: as they are. */
  readonly filesOf?: (pid: number) => Files;
  /** In a trial (steady.ts): what stands for the time in that format, and who wants to know what is run. */
  readonly clock?: (format: string) => string;
  readonly entered?: (node: Executable, source: string) => void;
}

export const nodeOf = (machine: Machine, environment: Environment, s: number, n: number): Executable =>
  environment.parser(machine.sources[s] as string).nodes[n] as Executable;

export function addSource(machine: Machine, source: string): number {
  const known = machine.sources.indexOf(source);
  if (known >= 0) return known;
  machine.sources.push(source);
  return machine.sources.length - 1;
}
