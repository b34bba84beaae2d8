/** Flags that many commands have, and what they mean together (pkg/cmd/util/helpers.go, cli-runtime genericclioptions). */
import { type Factory, type Flag, type FlagValues, type IOStreams, UsageError } from './command.js';
import { klogLine } from './klog.js';

export const FILENAME = (usage = 'File, directory or URL with the objects'): Flag => ({ name: 'filename', short: 'f', type: 'stringSlice', usage });
const KUSTOMIZE: Flag = { name: 'kustomize', short: 'k', type: 'string', usage: 'Directory with a kustomization to build; not together with -f or -R.' };
export const RECURSIVE: Flag = { name: 'recursive', short: 'R', type: 'bool', usage: 'Read the directories given with -f, --filename and those in them.' };
export const FILES = (usage?: string): readonly Flag[] => [FILENAME(usage), KUSTOMIZE, RECURSIVE];

const FORMATS = 'json, yaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file';
export const OUTPUT: Flag = { name: 'output', short: 'o', type: 'string', usage: `Output format. One of: (${FORMATS}).` };
export const PRINT: readonly Flag[] = [
  {
    name: 'allow-missing-template-keys',
    type: 'bool',
    default: 'true',
    usage: 'Let a template go on where a field or key is missing (go-template and jsonpath only).',
  },
  OUTPUT,
  { name: 'show-managed-fields', type: 'bool', usage: 'Keep managedFields in JSON and YAML.' },
  { name: 'template', type: 'string', usage: 'Template, or path of a template file, for -o=go-template and -o=go-template-file.' },
];

export const ALL_NAMESPACES: Flag = {
  name: 'all-namespaces',
  short: 'A',
  type: 'bool',
  usage: 'Look in all namespaces, whatever --namespace and the context say.',
};
export const SELECTOR: Flag = {
  name: 'selector',
  short: 'l',
  type: 'string',
  usage: "Label selector; knows '=', '==', '!=', 'in', 'notin' (-l key1=value1,key2=value2,key3 in (value3)). All its parts must hold.",
};
export const FIELD_SELECTOR: Flag = {
  name: 'field-selector',
  type: 'string',
  usage: "Field selector; knows '=', '==' and '!=' (--field-selector key1=value1,key2=value2). Each type has few such fields.",
};
export const CHUNK_SIZE: Flag = { name: 'chunk-size', type: 'int64', default: '500', usage: 'Fetch long lists in pieces of so many; 0: in one piece.' };
export const ALL = (usage = 'Take all objects of the given types in the namespace'): Flag => ({ name: 'all', type: 'bool', usage });
export const LOCAL: Flag = { name: 'local', type: 'bool', usage: 'Work on the files alone and never ask the server.' };
export const DRY_RUN: Flag = {
  name: 'dry-run',
  type: 'string',
  default: 'none',
  bare: 'unchanged',
  usage: '"none", "server" or "client". client: only print what would be sent. server: send it, but nothing is stored.',
};
export const FIELD_MANAGER = (name: string): Flag => ({
  name: 'field-manager',
  type: 'string',
  default: name,
  usage: 'Under which name changed fields are owned.',
});
export const SAVE_CONFIG: Flag = {
  name: 'save-config',
  type: 'bool',
  usage: 'Save the configuration in an annotation of the object, for kubectl apply later on.',
};
export const VALIDATE: Flag = {
  name: 'validate',
  type: 'string',
  default: 'strict',
  bare: 'strict',
  usage:
    'One of: strict (or true), warn, ignore (or false). strict: unknown and repeated fields are errors; warn: they are warned of; ignore: they are dropped.',
};
export const SUBRESOURCE = (usage: string): Flag => ({ name: 'subresource', type: 'string', usage });
export const DELETION = (): readonly Flag[] => [
  {
    name: 'cascade',
    type: 'string',
    default: 'background',
    bare: 'background',
    usage: '"background", "orphan" or "foreground": what happens to what depends on the objects.',
  },
  { name: 'force', type: 'bool', usage: 'Take objects out of the API at once, without a graceful end; data may be lost.' },
  { name: 'grace-period', type: 'int', default: '-1', usage: 'Seconds the object has to end; negative: its own. 0 only with --force.' },
  { name: 'timeout', type: 'duration', default: '0s', usage: 'How long to wait for a deletion; zero: as long as the object takes' },
  { name: 'wait', type: 'bool', usage: 'Wait until the objects are gone, finalizers and all.' },
];

export type DryRun = 'none' | 'client' | 'server';

/** helpers.go: GetDryRunStrategy. */
export function dryRunOf(flags: FlagValues, factory: Pick<Factory, 'streams' | 'now'>): DryRun {
  const value = flags.string('dry-run');
  if (value === 'client' || value === 'server' || value === 'none') return value;
  if (value === 'unchanged') {
    klogWarning(factory, 'helpers.go:703', '--dry-run is deprecated and can be replaced with --dry-run=client.');
    return 'client';
  }
  if (TRUE.test(value)) {
    klogWarning(factory, 'helpers.go:717', `--dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=client.`);
    return 'client';
  }
  if (FALSE.test(value)) {
    klogWarning(factory, 'helpers.go:720', `--dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=none.`);
    return 'none';
  }
  throw new UsageError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}

const TRUE = /^(1|t|T|TRUE|true|True)$/;
const FALSE = /^(0|f|F|FALSE|false|False)$/;

/** `source`: the file and line of kubectl that says it. */
export function klogWarning(factory: Pick<Factory, 'streams' | 'now'>, source: string, text: string): void {
  factory.streams.err(klogLine('W', factory.now(), source, text));
}

/** The query parameter of a server-side dry run. */
export const dryRunQuery = (dryRun: DryRun): { dryRun?: string } => (dryRun === 'server' ? { dryRun: 'All' } : {});

export type Validation = 'Strict' | 'Warn' | 'Ignore';

/** helpers.go: GetValidationDirective. */
export function validationOf(flags: FlagValues): Validation {
  const value = flags.string('validate');
  if (value === 'strict' || TRUE.test(value)) return 'Strict';
  if (value === 'warn') return 'Warn';
  if (value === 'ignore' || FALSE.test(value)) return 'Ignore';
  throw new UsageError(`invalid - validate option "${value}"; must be one of: strict (or true), warn, ignore (or false)`);
}

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

/** helpers.go: GetCascadingStrategy. */
export function cascadeOf(flags: FlagValues, streams: IOStreams): Propagation {
  const value = flags.string('cascade');
  if (value === 'background' || value === 'foreground' || value === 'orphan') return `${value[0]?.toUpperCase()}${value.slice(1)}` as Propagation;
  const instead = TRUE.test(value) ? 'background' : FALSE.test(value) ? 'orphan' : undefined;
  if (instead === undefined) throw new UsageError(`invalid cascade value (${value}). Must be "background", "foreground", or "orphan"`);
  streams.err(`warning: --cascade=${value} is deprecated (boolean value) and can be replaced with --cascade=${instead}.\n`);
  return instead === 'background' ? 'Background' : 'Orphan';
}
