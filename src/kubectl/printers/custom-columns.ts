/** `-o custom-columns=…` and `custom-columns-file=…` (kubectl pkg/cmd/get/customcolumn.go, customcolumn_flags.go). */
import type { KubeObject } from '../../api/object.js';
import { escapeTerminal } from '../../text/escape.js';
import { goValue } from '../../text/go-format.js';
import { type JsonPath, parseJsonPath } from '../../text/jsonpath.js';
import { TABLE_TABS, TabWriter } from '../../text/tabwriter.js';
import { UsageError } from '../command.js';
import { isList, type Printable, PrintError, type Printer, type PrintFlags } from './printer.js';
import { relaxedPath, usable } from './sort.js';

interface Column {
  readonly header: string;
  readonly path: string;
}

export async function customColumnsPrinter(format: string, argument: string, flags: PrintFlags, noHeaders: boolean): Promise<Printer> {
  if (argument === '') throw new UsageError('custom-columns format specified but no custom columns given');
  if (format === 'custom-columns') return columnsPrinter(fromSpec(argument), noHeaders);
  let text: string;
  try {
    text = await flags.readFile(argument);
  } catch (error) {
    const { message } = error as Error;
    // A directory opens, and has no lines
    if (!message.startsWith('read ')) throw new UsageError(`error reading template ${argument}, ${message}\n`);
    text = '';
  }
  // Upstream forgets --no-headers here.
  return columnsPrinter(fromTemplate(text), false);
}

function fromSpec(spec: string): readonly Column[] {
  return spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) throw new UsageError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return { header: part.slice(0, colon), path: relaxedPath(part.slice(colon + 1)) };
  });
}

/** A line of headers and a line of paths, both split on white space. */
function fromTemplate(text: string): readonly Column[] {
  const expected = 'Expected format is one line of space separated headers, one line of space separated column specs.';
  if (text === '') throw new UsageError(`invalid template, missing header line. ${expected}`);
  const [first = '', second] = text.split(/\r?\n/);
  if (second === undefined || (second === '' && !/\n.*\n/.test(text))) throw new UsageError(`invalid template, missing spec line. ${expected}`);
  const headers = first.split(/\s+/).filter((word) => word !== '');
  const specs = second.split(/\s+/).filter((word) => word !== '');
  if (headers.length !== specs.length) throw new UsageError(`number of headers (${headers.length}) and field specifications (${specs.length}) don't match`);
  return headers.map((header, i) => ({ header, path: relaxedPath(specs[i] as string) }));
}

/** The widths of one `print` influence the next, as `get -w` has it; a header comes whenever lists and single objects change over. */
function columnsPrinter(columns: readonly Column[], noHeaders: boolean): Printer {
  let out = '';
  const writer = new TabWriter((text) => {
    out += text;
  }, TABLE_TABS);
  let last: boolean | undefined;
  let paths: readonly JsonPath[] | undefined;
  return {
    print(object: Printable): string {
      if (!noHeaders && last !== isList(object)) {
        writer.write(`${columns.map((column) => column.header).join('\t')}\n`);
        last = isList(object);
      }
      try {
        paths ??= columns.map((column) => usable(() => parseJsonPath(column.path, { allowMissingKeys: true })));
        for (const one of isList(object) ? object.items : [object]) writer.write(`${row(one, paths)}\n`);
      } catch (error) {
        // What was written before is flushed all the same
        writer.flush();
        throw error instanceof UsageError ? new PrintError(error.message, out) : error;
      }
      writer.flush();
      const text = out;
      out = '';
      return text;
    },
  };
}

function row(object: KubeObject, paths: readonly JsonPath[]): string {
  return paths
    .map((path) => {
      const values = usable(() => path.results(object));
      if ((values[0] ?? []).length === 0) return ['<none>', ...values.flat().map(cell)].join(',');
      return values.flat().map(cell).join(',');
    })
    .join('\t');
}

const cell = (value: unknown): string => escapeTerminal(goValue(value));
