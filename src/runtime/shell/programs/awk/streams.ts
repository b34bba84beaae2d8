/** What an awk program writes and reads besides its input: files and commands, by the names it gives them. */
import { FileError } from '../../../process.js';
import { errorText } from '../../kernel.js';
import type { ProgramContext } from '../../program.js';
import { type CommandOptions, Exit, NeedsCommand } from './control.js';
import type { Read } from './record.js';

/** A command that has ended. */
export interface Ended {
  readonly status: number;
  readonly output: string;
}

export class Streams {
  private readonly written = new Set<string>();
  /** What commands are to read, which run when they are closed. */
  private readonly piped = new Map<string, string>();
  /** Lines that are yet to be read. */
  private readonly opened = new Map<string, string[]>();
  private commands = 0;

  /** `memo`: how the commands ended that the program has run before, in their order. */
  constructor(
    private readonly context: ProgramContext,
    private readonly memo: readonly Ended[],
  ) {}

  /** Throws NeedsCommand when it is yet to be run. */
  run(command: string, options: CommandOptions): Ended {
    const known = this.memo[this.commands];
    if (known === undefined) throw new NeedsCommand(command, options);
    this.commands += 1;
    return known;
  }

  /** `redirect`: `>`, `>>` or `|`. */
  write(name: string, redirect: string | undefined, text: string): void {
    const { context } = this;
    if (name === '/dev/stderr') context.err(text);
    else if (redirect === '|') this.piped.set(name, (this.piped.get(name) ?? '') + text);
    else if (name === '/dev/stdout' || name === '-') context.out(text);
    else {
      try {
        context.files.write(context.path(name), text, { append: redirect === '>>' || this.written.has(name), at: context.now });
        this.written.add(name);
      } catch (error) {
        context.err(`awk: can't open '${name}': ${errorText(error)}\n`);
        throw new Exit(1);
      }
    }
  }

  /** A line of a file, or of what a command writes. */
  readLine(name: string, isCommand: boolean): Read {
    let lines = this.opened.get(name);
    if (lines === undefined) {
      try {
        lines = (isCommand ? this.run(name, { capture: true }).output : this.context.files.read(this.context.path(name))).split('\n');
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        return { status: -1 };
      }
      if (lines.at(-1) === '') lines.pop();
      this.opened.set(name, lines);
    }
    const text = lines.shift();
    return text === undefined ? { status: 0 } : { text, status: 1 };
  }

  /** What close() answers. */
  close(name: string): number {
    const text = this.piped.get(name);
    this.opened.delete(name);
    if (text === undefined) return this.written.delete(name) ? 0 : -1;
    this.piped.delete(name);
    return this.run(name, { stdin: text }).status;
  }
  closeAll(): void {
    for (const name of [...this.piped.keys()]) this.close(name);
  }
}
