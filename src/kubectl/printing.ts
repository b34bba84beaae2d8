/** What a command prints of the objects it handled: a word of success, or the object by -o (genericclioptions PrintFlags). */
import type { KubeObject } from '../api/object.js';
import { type Factory, type FlagValues, UsageError } from './command.js';
import { readErrorText } from './files.js';
import { kindAndName } from './printers/name.js';
import type { PrintFlags } from './printers/printer.js';
import type { DryRun } from './shared-flags.js';

export type ObjectPrinter = (object: KubeObject) => void;

/** cmdutil.PrintFlagsWithDryRunStrategy. */
export const dryRunSuffix = (dryRun: DryRun): string => (dryRun === 'client' ? ' (dry run)' : dryRun === 'server' ? ' (server dry run)' : '');

/**
 * Prints `pod/x created`, or what -o says. A wrong -o is an error here, before anything is done. Call it once for a run: YAML
 * documents after the first get their `---`. `isTyped`: kubectl has the objects in its own Go types, whose JSON has their order.
 */
export async function objectPrinter(factory: Factory, flags: FlagValues, operation: string, dryRun: DryRun = 'none', isTyped = false): Promise<ObjectPrinter> {
  const print = await formatPrinter(factory, flags, isTyped);
  if (print !== undefined) return print;
  return (object) => factory.streams.out(`${kindAndName(object)} ${operation}${dryRunSuffix(dryRun)}\n`);
}

/**
 * Like {@link objectPrinter} for commands whose word differs from object to object. Such commands make a printer for each: YAML
 * documents follow each other without `---`.
 */
export async function operationPrinter(
  factory: Factory,
  flags: FlagValues,
  dryRun: DryRun = 'none',
  isTyped = false,
): Promise<(object: KubeObject, operation: string) => Promise<void>> {
  // Made once beforehand, so that a wrong -o is an error before anything is done.
  if ((await formatPrinter(factory, flags, isTyped)) !== undefined) return async (object) => (await formatPrinter(factory, flags, isTyped))?.(object);
  return async (object, operation) => factory.streams.out(`${kindAndName(object)} ${operation}${dryRunSuffix(dryRun)}\n`);
}

/** The printer of -o; undefined without one. */
async function formatPrinter(factory: Factory, flags: FlagValues, isTyped: boolean): Promise<ObjectPrinter | undefined> {
  const output = outputOf(flags);
  if (output === '') return undefined;
  const { makePrinter } = await import('./printers/index.js');
  const printer = await makePrinter(printFlags(factory, flags), { keepOrder: isTyped });
  if (!isTyped || output !== 'json') return (object) => factory.streams.out(printer.print(object));
  const structs = await factory.structs();
  return (object) => factory.streams.out(printer.print(structs.inOrder(object)));
}

/** The flags that choose a printer. */
export function printFlags(factory: Factory, flags: FlagValues): PrintFlags {
  return {
    output: flags.string('output'),
    template: flags.has('template') ? flags.string('template') : '',
    allowMissingTemplateKeys: !flags.has('allow-missing-template-keys') || flags.bool('allow-missing-template-keys'),
    showManagedFields: flags.has('show-managed-fields') && flags.bool('show-managed-fields'),
    async readFile(path) {
      try {
        return await factory.files.read(path);
      } catch (error) {
        throw new UsageError(readErrorText(path, error));
      }
    },
  };
}

/** -o; --template alone means a Go template. */
export const outputOf = (flags: FlagValues): string =>
  flags.string('output') === '' && flags.has('template') && flags.string('template') !== '' ? 'go-template' : flags.string('output');
