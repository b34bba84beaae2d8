import type { Printer, PrintFlags } from './printer.js';
export async function templatePrinter(format: string, argument: string, flags: PrintFlags): Promise<Printer> {
  throw new Error(`not yet: ${format} ${argument} ${flags.output}`);
}
