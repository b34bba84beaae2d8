import type { Printer } from './printer.js';
export function goTemplatePrinter(template: string, allowMissingKeys: boolean): Printer {
  throw new Error(`not yet: ${template} ${allowMissingKeys}`);
}
