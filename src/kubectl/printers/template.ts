/** `-o jsonpath…` and `-o go-template…` (cli-runtime pkg/genericclioptions/jsonpath_flags.go, template_flags.go; pkg/printers). */
import { goQuoted, goSyntaxOf } from '../../text/go-format.js';
import { parseJsonPath } from '../../text/jsonpath.js';
import { TextError } from '../../text/text-error.js';
import { UsageError } from '../command.js';
import type { Printer, PrintFlags } from './printer.js';

/** `argument` is the template or, for the file formats, its path. */
export async function templatePrinter(format: string, argument: string, flags: PrintFlags): Promise<Printer> {
  if (argument === '') throw new UsageError('template format specified but no template given');
  const isFile = format === 'jsonpath-file' || format === 'templatefile' || format === 'go-template-file';
  const template = isFile ? await readTemplate(argument, flags) : argument;
  const allowMissingKeys = flags.allowMissingTemplateKeys !== false;
  if (format.startsWith('jsonpath')) return jsonPathPrinter(template, allowMissingKeys, format === 'jsonpath-as-json');
  const { goTemplatePrinter } = await import('./go-template.js');
  return goTemplatePrinter(template, allowMissingKeys);
}

async function readTemplate(path: string, flags: PrintFlags): Promise<string> {
  try {
    return await flags.readFile(path);
  } catch (error) {
    throw new UsageError(`error reading --template ${path}, ${(error as Error).message}\n`);
  }
}

function jsonPathPrinter(template: string, allowMissingKeys: boolean, outputJson: boolean): Printer {
  const path = parsed(template, () => parseJsonPath(template, { allowMissingKeys, outputJson }));
  return {
    print(object) {
      try {
        return path.execute(object);
      } catch (error) {
        if (!(error instanceof TextError)) throw error;
        const about = `Error executing template: ${error.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntaxOf(object)}\n\n`;
        throw new UsageError(`error executing jsonpath ${goQuoted(template)}: ${about}\n`);
      }
    },
  };
}

function parsed<T>(template: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof TextError) throw new UsageError(`error parsing jsonpath ${template}, ${error.message}\n`);
    throw error;
  }
}
