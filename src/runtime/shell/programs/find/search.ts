/** How find goes through directories. */
import { FileError, type FileStat } from '../../../process.js';
import { errorText } from '../../kernel.js';
import type { ProgramContext } from '../../program.js';
import { lookThrough } from '../ls.js';

export interface Entry {
  /** As find prints it. */
  readonly shown: string;
  readonly path: string;
  readonly depth: number;
}
/** An expression, or a part of it: it may do something, and says whether the entry is wanted. */
export type Test = (entry: Entry) => boolean;

/** -quit. */
export class Quit extends Error {}
/** The expression cannot be understood, which has been said. */
export class Wrong extends Error {}

interface Batch {
  readonly argv: readonly string[];
  readonly names: string[];
}

export class Search {
  maxDepth = Number.POSITIVE_INFINITY;
  minDepth = 0;
  /** A directory comes after what is in it. */
  deepFirst = false;
  /** The expression prints, deletes or runs something itself: what it accepts is not printed besides. */
  acts = false;
  /** Directories, by their paths, that are not gone into. */
  readonly pruned = new Set<string>();
  /** Commands that take all names at once. */
  readonly batches: Batch[] = [];
  /** Commands to run when all has been found. */
  readonly commands: (readonly string[])[] = [];
  status = 0;

  /** `follows`: a link is what it leads to. */
  constructor(
    readonly context: ProgramContext,
    readonly follows: boolean,
  ) {}

  stat(entry: Entry): FileStat | undefined {
    const { files } = this.context;
    return (this.follows ? files.stat(entry.path) : undefined) ?? files.stat(entry.path, false);
  }

  /** busybox says the name as it is, GNU quotes it. */
  quoted(name: string): string {
    return this.context.flavour === 'ash' ? name : `'${name}'`;
  }
  complain(text: string): void {
    this.context.err(`find: ${text}\n`);
    this.status = 1;
  }

  /** Says what is wrong with the expression; to be thrown. */
  wrong(text: string): Wrong {
    this.complain(text);
    return new Wrong();
  }

  run(roots: readonly string[], test: Test): void {
    try {
      for (const root of roots) this.start(root, test);
    } catch (error) {
      if (!(error instanceof Quit)) throw error;
    }
    for (const { argv, names } of this.batches) if (names.length > 0) this.commands.push([...argv, ...names]);
  }

  private start(root: string, test: Test): void {
    const { context } = this;
    const path = context.path(root);
    try {
      if (this.follows) lookThrough(context, path, false);
      else context.files.look(path, false);
    } catch (error) {
      this.complain(`${this.quoted(root)}: ${errorText(error)}`);
      return;
    }
    this.visit({ shown: root, path, depth: 0 }, test);
  }

  private visit(entry: Entry, test: Test): void {
    if (!this.deepFirst) this.meet(entry, test);
    if (entry.depth < this.maxDepth && !this.pruned.has(entry.path) && this.stat(entry)?.type === 'directory') this.goInto(entry, test);
    if (this.deepFirst) this.meet(entry, test);
  }
  private meet(entry: Entry, test: Test): void {
    if (entry.depth >= this.minDepth && test(entry) && !this.acts) this.context.out(`${entry.shown}\n`);
  }
  private goInto({ shown, path, depth }: Entry, test: Test): void {
    try {
      for (const name of this.context.files.list(path))
        this.visit(
          { shown: shown.endsWith('/') ? `${shown}${name}` : `${shown}/${name}`, path: path === '/' ? `/${name}` : `${path}/${name}`, depth: depth + 1 },
          test,
        );
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.complain(`${this.quoted(shown)}: Permission denied`);
    }
  }
}
