/**
 * Elastic tabstops: Go's text/tabwriter, with the RememberWidths flag of github.com/liggitt/tabwriter that `kubectl get` uses.
 *
 * A cell is text ended by a tab; what follows the last tab of a line is no cell of a column. A column block is a run of
 * consecutive lines that have a cell in that column; its cells are padded to the widest of them, column by column, nested.
 */

export interface TabWriterOptions {
  /** No column is narrower, padding included. */
  readonly minWidth: number;
  /** Width of a tab, used when `padChar` is one. */
  readonly tabWidth: number;
  /** Added to the widest cell. */
  readonly padding: number;
  readonly padChar?: string;
  /** Columns never get narrower than they once were, even after a flush. */
  readonly rememberWidths?: boolean;
}

/** What `kubectl get` writes tables with (cli-runtime pkg/printers/tabwriter.go). */
export const TABLE_TABS: TabWriterOptions = { minWidth: 6, tabWidth: 4, padding: 3, rememberWidths: true };
/** What `kubectl describe` writes with. */
export const DESCRIBE_TABS: TabWriterOptions = { minWidth: 0, tabWidth: 8, padding: 2 };

/** Buffers lines until their widths are known: `flush` at the end, and where a block shall not influence the next. */
export class TabWriter {
  /** Finished lines and the one being written; the last cell of each ended at the line's end, not at a tab. */
  private lines: string[][] = [['']];
  private widths: number[] = [];
  private readonly remembered: number[] = [];
  private out = '';

  constructor(
    private readonly emit: (text: string) => void,
    private readonly options: TabWriterOptions,
  ) {}

  write(text: string): void {
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      // \t 9, \n 10, \v 11 (a tab as well), \f 12 (a newline that flushes)
      if (code < 9 || code > 12) continue;
      const line = this.lines.at(-1) as string[];
      line[line.length - 1] += text.slice(from, i);
      from = i + 1;
      if (code === 9 || code === 11) {
        line.push('');
        continue;
      }
      this.lines.push(['']);
      // A line of one cell influences nothing that follows.
      if (code === 12 || line.length === 1) this.flush();
    }
    const line = this.lines.at(-1) as string[];
    line[line.length - 1] += text.slice(from);
  }

  /** Writes all that is buffered, and begins new column blocks. */
  flush(): void {
    this.widths = [];
    this.format(0, this.lines.length);
    this.lines = [['']];
    if (this.out !== '') this.emit(this.out);
    this.out = '';
  }

  /** Columns may be narrow again (SetRememberedWidths(nil)). */
  forgetWidths(): void {
    this.remembered.length = 0;
  }

  private format(from: number, to: number): void {
    const column = this.widths.length;
    let unwritten = from;
    for (let at = from; at < to; at++) {
      if (column >= (this.lines[at] as string[]).length - 1) continue;
      this.writeLines(unwritten, at);
      unwritten = at;
      let width = this.options.minWidth;
      for (; at < to; at++) {
        const line = this.lines[at] as string[];
        if (column >= line.length - 1) break;
        width = Math.max(width, runes(line[column] as string) + this.options.padding);
      }
      this.widths.push(this.options.rememberWidths === true ? this.remember(column, width) : width);
      this.format(unwritten, at);
      this.widths.pop();
      unwritten = at;
    }
    this.writeLines(unwritten, to);
  }

  private remember(column: number, width: number): number {
    const widest = Math.max(width, this.remembered[column] ?? 0);
    this.remembered[column] = widest;
    return widest;
  }

  private writeLines(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const line = this.lines[i] as string[];
      let text = '';
      for (let j = 0; j < line.length; j++) {
        const cell = line[j] as string;
        text += cell;
        const width = this.widths[j];
        if (width !== undefined) text += this.pad(runes(cell), width);
      }
      this.out += i + 1 === this.lines.length ? text : `${text}\n`;
    }
  }

  private pad(textWidth: number, width: number): string {
    const { padChar = ' ', tabWidth } = this.options;
    if (padChar !== '\t') return width > textWidth ? padChar.repeat(width - textWidth) : '';
    if (tabWidth === 0) return '';
    const rounded = Math.ceil(width / tabWidth) * tabWidth;
    return '\t'.repeat(Math.ceil((rounded - textWidth) / tabWidth));
  }
}

/** Characters as Go counts them: code points. */
function runes(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdbff && i + 1 < text.length) count--;
  }
  return count;
}

/** `text` (cells, tabs, newlines) laid out at once. */
export function alignTabs(text: string, options: TabWriterOptions): string {
  let out = '';
  const writer = new TabWriter((part) => {
    out += part;
  }, options);
  writer.write(text);
  writer.flush();
  return out;
}
