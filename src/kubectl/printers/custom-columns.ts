import type { Printer, PrintFlags } from './printer.js';
export async function customColumnsPrinter(format: string, argument: string, flags: PrintFlags, noHeaders: boolean): Promise<Printer> {
  throw new Error(`not yet: ${format} ${argument} ${flags.output} ${noHeaders}`);
}
