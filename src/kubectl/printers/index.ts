/** The output formats, and which printer a command's flags ask for (cli-runtime pkg/genericclioptions/print_flags.go, pkg/cmd/get/get_flags.go). */
import { UsageError } from '../command.js';
import { namePrinter } from './name.js';
import type { Printer, PrinterOptions, PrintFlags } from './printer.js';

export { groupKind, kindAndName } from './name.js';
export { type EventName, isList, type ListObject, type Printable, PrintError, type Printer, type PrinterOptions, type PrintFlags } from './printer.js';
export { isTable, type Table, type TableGroup, type TableOptions, TablePrinter, type TableRow } from './table.js';

const TEMPLATE_FORMATS = ['go-template', 'go-template-file', 'template', 'templatefile'];
const JSONPATH_FORMATS = ['jsonpath', 'jsonpath-as-json', 'jsonpath-file'];
const COLUMN_FORMATS = ['custom-columns', 'custom-columns-file'];
const COMMON_FORMATS = [...TEMPLATE_FORMATS, 'json', ...JSONPATH_FORMATS, 'name', 'yaml'].sort();
const GET_FORMATS = [...COMMON_FORMATS, ...COLUMN_FORMATS, 'wide'].sort();

/** Whether `get` prints tables: no format at all, or `wide`. */
export const isHumanReadable = (flags: Pick<PrintFlags, 'output' | 'template'>): boolean =>
  (flags.output === '' && (flags.template ?? '') === '') || flags.output === 'wide';

/** The printer the flags ask for; `''` and `name` print names. Throws UsageError. Table formats are {@link TablePrinter}'s. */
export async function makePrinter(flags: PrintFlags, options: PrinterOptions = {}): Promise<Printer> {
  const { template = '', showManagedFields = false } = flags;
  // A template alone is taken for a Go template.
  const output = flags.output === '' && template !== '' ? 'go-template' : flags.output;
  const { format, argument } = splitFormat(output, template, options.columns === true);
  if (TEMPLATE_FORMATS.includes(format) || JSONPATH_FORMATS.includes(format)) {
    const { templatePrinter } = await import('./template.js');
    return templatePrinter(format, argument, flags);
  }
  switch (output.toLowerCase()) {
    case 'json':
      return (await import('./json.js')).jsonPrinter({ showManagedFields, keepOrder: options.keepOrder === true });
    case 'yaml':
      return (await import('./json.js')).yamlPrinter({ showManagedFields });
    case 'name':
      return namePrinter('');
    case '':
      return namePrinter(options.operation ?? '');
    default:
  }
  if (options.columns === true && COLUMN_FORMATS.includes(format)) {
    const { customColumnsPrinter } = await import('./custom-columns.js');
    return customColumnsPrinter(format, argument, flags, options.noHeaders === true);
  }
  throw unknownFormat(output, options.columns === true);
}

const unknownFormat = (output: string, isGet: boolean): UsageError => noPrinter(output, isGet ? GET_FORMATS : COMMON_FORMATS);

/** `unable to match a printer suitable for the output format "foo", allowed formats are: …`. */
export function noPrinter(output: string, formats: readonly string[]): UsageError {
  return new UsageError(`unable to match a printer suitable for the output format "${output}", allowed formats are: ${formats.join(',')}`);
}

/** `jsonpath={.x}` → jsonpath and `{.x}`; the argument may also come by --template. */
function splitFormat(output: string, template: string, hasColumns: boolean): { readonly format: string; readonly argument: string } {
  if (template !== '') return { format: output, argument: template };
  for (const format of [...TEMPLATE_FORMATS, ...JSONPATH_FORMATS, ...(hasColumns ? COLUMN_FORMATS : [])])
    if (output.startsWith(`${format}=`)) return { format, argument: output.slice(format.length + 1) };
  return { format: output, argument: '' };
}
