/** `-o go-template` (cli-runtime pkg/printers/template.go). */
import { goQuoted, goValue } from '../../text/go-format.js';
import { goJson } from '../../text/go-json-writer.js';
import { parseGoTemplate } from '../../text/go-template.js';
import { TextError } from '../../text/text-error.js';
import { UsageError } from '../command.js';
import { PrintError, type Printer } from './printer.js';

export function goTemplatePrinter(template: string, allowMissingKeys: boolean): Printer {
  const parsed = parse(template, allowMissingKeys);
  return {
    print(object) {
      const { out, error } = parsed.execute(object);
      if (error === undefined) return out;
      // What helps in finding the mistake goes to stdout, behind what was printed already.
      const about = `Error executing template: ${error}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t${goJson(object)}\n\tobject given to template engine was:\n\t\t${goValue(object)}\n\n`;
      throw new PrintError(`error executing template ${goQuoted(template)}: ${error}`, out + about);
    },
  };
}

function parse(template: string, allowMissingKeys: boolean) {
  try {
    return parseGoTemplate(template, { missingKeyIsError: !allowMissingKeys });
  } catch (error) {
    if (error instanceof TextError) throw new UsageError(`error parsing template ${template}, ${error.message}\n`);
    throw error;
  }
}
