/** awk's input: records one after the other, and the fields of the one it is at. */
import { once } from '../../../../api/once.js';
import { posixRegExp } from '../regex.js';
import { toNumber } from './values.js';
import type { Variables } from './variables.js';

export interface InputFile {
  /** '': standard input. */
  readonly name: string;
  readonly text: string;
}

/** The status is what getline answers: 1, 0 when there are no more, -1 when it cannot be read. */
export type Read = { readonly status: 1; readonly text: string } | { readonly status: 0 | -1 };

/** Pieces of a text between what an expression (longer than a character) matches. */
const pieces = (text: string, by: string): string[] => text.split(by.length === 1 ? by : posixRegExp(by, { extended: true }));

/** As FS and split() have it: a blank stands for any amount of white space. */
export function splitFields(text: string, by: string): string[] {
  if (by === ' ') {
    const trimmed = text.trim();
    return trimmed === '' ? [] : trimmed.split(/[ \t\n]+/);
  }
  if (text === '') return [];
  return by === '' ? [...text] : pieces(text, by);
}

/** `$0`, `$1` and so on, with NF. */
export class CurrentRecord {
  private line = '';
  private fields: string[] = [];

  constructor(private readonly variables: Variables) {}

  /** `$0`. */
  get text(): string {
    return this.line;
  }
  set text(text: string) {
    this.line = text;
    this.fields = splitFields(text, this.variables.text('FS'));
    this.variables.setGlobal('NF', this.fields.length);
  }

  field(n: number): string {
    return n === 0 ? this.line : (this.fields[n - 1] ?? '');
  }
  setField(n: number, text: string): void {
    if (n === 0) {
      this.text = text;
      return;
    }
    while (this.fields.length < n) this.fields.push('');
    this.fields[n - 1] = text;
    this.variables.setGlobal('NF', this.fields.length);
    this.join();
  }
  /** What assigning to NF does. */
  resize(count: number): void {
    while (this.fields.length < count) this.fields.push('');
    this.fields.length = count;
    this.join();
  }

  private join(): void {
    this.line = this.fields.join(this.variables.text('OFS'));
  }
}

interface InputRecord {
  readonly file: InputFile;
  readonly text: string;
}

/** All records of all files. They are cut by what RS is when the first is asked for. */
export class Records {
  private readonly records: () => readonly InputRecord[];
  private cursor = 0;

  constructor(
    files: readonly InputFile[],
    private readonly variables: Variables,
  ) {
    this.records = once(() => files.flatMap((file) => recordsOf(file, variables.text('RS'))));
  }

  /** The next one, which NR, FNR and FILENAME are then about. */
  read(): Read {
    const records = this.records();
    const record = records[this.cursor];
    if (record === undefined) return { status: 0 };
    const { variables } = this;
    if (records[this.cursor - 1]?.file !== record.file) variables.setGlobal('FNR', 0);
    this.cursor += 1;
    variables.setGlobal('FILENAME', record.file.name);
    variables.setGlobal('NR', toNumber(variables.get('NR')) + 1);
    variables.setGlobal('FNR', toNumber(variables.get('FNR')) + 1);
    return { status: 1, text: record.text };
  }
}

function recordsOf(file: InputFile, separator: string): readonly InputRecord[] {
  // Without a separator, empty lines are one.
  const parts = separator === '' ? file.text.replace(/^\n+|\n+$/g, '').split(/\n\n+/) : pieces(file.text, separator);
  if (parts.at(-1) === '') parts.pop();
  return parts.map((text) => ({ file, text }));
}
