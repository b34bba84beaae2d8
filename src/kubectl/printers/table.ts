/** Tables as `kubectl get` prints them: cli-runtime pkg/printers/tableprinter.go, and the grouping of kinds of pkg/cmd/get/get.go. */

import { humanDuration } from '../../api/human-duration.js';
import type { KubeObject } from '../../api/object.js';
import type { Cell } from '../../api/resource.js';
import { parseTime, type Time } from '../../api/time.js';
import { escapeTerminal } from '../../text/escape.js';
import { TABLE_TABS, TabWriter } from '../../text/tabwriter.js';
import { type EventName, isList, type Printable } from './printer.js';

/** meta.k8s.io/v1 Table, as the server answers `as=Table`. */
export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: string;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  /** Absent in watch events after the first. */
  readonly columnDefinitions?: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}
export interface TableRow {
  readonly cells: readonly Cell[];
  /** PartialObjectMetadata or the whole object. */
  readonly object?: Pick<KubeObject, 'metadata'>;
}
export const isTable = (value: { readonly kind: string }): value is Table => value.kind === 'Table' && 'rows' in value;

export interface TableOptions {
  readonly noHeaders?: boolean;
  readonly wide?: boolean;
  /** -L, in order. */
  readonly labelColumns?: readonly string[];
  readonly showLabels?: boolean;
  /** For the age of objects that come without a Table. */
  now(): Time;
}

/** What makes a group of rows one table: results of one resource that follow each other. */
export interface TableGroup {
  /** `pods`, `deployments.apps`: another resource begins another table. */
  readonly resource: string;
  /** `pod`, `deployment.apps`: before the names, with --show-kind or several kinds. */
  readonly kind?: string;
  /** -A on a namespaced kind. */
  readonly withNamespace: boolean;
}

/**
 * All the tables of one `get`. `print` takes results in the order they came; `flush` at the end, and after every object when
 * watching: columns then keep the widths they had and only grow.
 */
export class TablePrinter {
  private readonly writer: TabWriter;
  private rows: RowPrinter;
  private resource: string | undefined;
  private hasWritten = false;
  private needsSeparator = false;

  constructor(
    private readonly out: (text: string) => void,
    private readonly options: TableOptions,
  ) {
    this.rows = new RowPrinter(options);
    this.writer = new TabWriter((text) => {
      this.hasWritten = true;
      this.out(this.needsSeparator ? `\n${text}` : text);
      this.needsSeparator = false;
    }, TABLE_TABS);
  }

  print(value: Table | Printable, group: TableGroup, event?: EventName): void {
    if (group.resource !== this.resource) {
      this.writer.flush();
      this.writer.forgetWidths();
      // A blank line between groups, but only before one that has something to say.
      this.needsSeparator = this.hasWritten && this.options.noHeaders !== true;
      this.rows = new RowPrinter(this.options);
      this.resource = group.resource;
    }
    this.writer.write(this.rows.print(isTable(value) ? value : objectTable(value, this.options.now()), group, event));
  }

  flush(): void {
    this.writer.flush();
  }

  /** Nothing has been printed: `No resources found`. */
  get isEmpty(): boolean {
    return !this.hasWritten;
  }
}

/** Cells joined by tabs, of one group: remembers columns and whether the header has been printed. */
class RowPrinter {
  private columns: readonly TableColumn[] | undefined;
  private hasHeader = false;
  constructor(private readonly options: TableOptions) {}

  print(table: Table, group: TableGroup, event: EventName | undefined): string {
    const given = table.columnDefinitions ?? [];
    if (given.length > 0 && !sameColumns(given, this.columns)) {
      this.columns = given;
      this.hasHeader = false;
    }
    if (table.rows.length === 0) return '';
    const columns = this.columns ?? [];
    const { labelColumns = [], showLabels = false, wide = false, noHeaders = false } = this.options;
    const shown = columns.map((column) => wide || (column.priority ?? 0) === 0);
    const lines: string[] = [];
    if (!noHeaders && !this.hasHeader) {
      const names = columns.filter((_, i) => shown[i]).map((column) => column.name);
      const head = [...(event === undefined ? [] : ['Event']), ...(group.withNamespace ? ['Namespace'] : []), ...names, ...labelColumns.map(lastPart)];
      if (showLabels) head.push('Labels');
      lines.push(head.map((name) => name.toUpperCase()).join('\t'));
    }
    this.hasHeader = true;

    const nameColumn = group.kind === undefined ? -1 : columns.findIndex((column) => column.format === 'name' && column.type === 'string');
    for (const row of table.rows) {
      const metadata = row.object?.metadata;
      const cells: string[] = [];
      if (event !== undefined) cells.push(event.padEnd(8));
      if (group.withNamespace) cells.push(cellText(metadata?.namespace ?? null));
      // Cells beyond the columns, which a faulty server may send, are dropped.
      for (let i = 0; i < columns.length && i < row.cells.length; i++) {
        if (shown[i] !== true) continue;
        const cell = row.cells[i] as Cell;
        cells.push(cellText(i === nameColumn ? `${group.kind}/${cell}` : cell));
      }
      const labels = metadata?.labels;
      for (const name of labelColumns) cells.push(cellText(labels !== undefined && Object.hasOwn(labels, name) ? (labels[name] as string) : ''));
      if (showLabels) cells.push(cellText(formatLabels(labels)));
      lines.push(cells.join('\t'));
    }
    return `${lines.join('\n')}\n`;
  }
}

const sameColumns = (a: readonly TableColumn[], b: readonly TableColumn[] | undefined): boolean =>
  b !== undefined && (a === b || JSON.stringify(a) === JSON.stringify(b));

/** `example.com/role` is headed by `role`. */
const lastPart = (label: string): string => label.slice(label.lastIndexOf('/') + 1);

/** Strings are cut at their first line break; what else they hold is printed, terminal escapes made harmless. */
function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
  const end = cell.search(/[\f\n\r]/);
  return end < 0 ? escapeTerminal(cell) : `${escapeTerminal(cell.slice(0, end))}...`;
}

/** labels.FormatLabels: `a=b,c=d` sorted, `<none>`. */
function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

const OBJECT_COLUMNS: readonly TableColumn[] = [
  { name: 'Name', type: 'string', format: 'name' },
  { name: 'Age', type: 'string' },
];

/** NAME and AGE, for objects a server sent without a Table. */
function objectTable(value: Printable, now: Time): Table {
  const objects = isList(value) ? value.items : [value];
  const rows = objects.map((object): TableRow => {
    const created = object.metadata.creationTimestamp;
    const time = typeof created === 'string' ? parseTime(created) : undefined;
    return { cells: [object.metadata.name ?? '', time === undefined ? '<unknown>' : humanDuration(now - time)], object };
  });
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', columnDefinitions: OBJECT_COLUMNS, rows };
}
