/** What the generators of `kubectl create` share (pkg/cmd/create/create_*.go). */
import { StatusError } from '../api/errors.js';
import type { KubeObject } from '../api/object.js';
import { InvalidSegment } from '../client/rest-client.js';
import { goJson } from '../text/go-json-writer.js';
import { type Command, type Factory, type Flag, type FlagValues, UsageError } from './command.js';
import { messageOf } from './errors.js';
import { LAST_APPLIED } from './last-applied.js';
import { objectPrinter } from './printing.js';
import * as shared from './shared-flags.js';

export interface GeneratorOptions {
  readonly name: string;
  /** What stood after the name: the command of a deployment or job. */
  readonly rest: readonly string[];
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
  readonly validation: shared.Validation;
}

export interface Generator {
  readonly use: string;
  readonly short: string;
  readonly long?: string;
  readonly examples: string;
  readonly flags: readonly Flag[];
  /** Where it is created: a plural, and its group and version. */
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string; readonly namespaced: boolean };
  /** `deployment: ` in `failed to create deployment: …`; absent: the server's error as it is. */
  readonly wraps?: string;
  /** Words after the name are allowed (a command). */
  readonly takesCommand?: boolean;
  /** Throws UsageError. */
  check?(options: GeneratorOptions): void;
  /** Members in the order of the Go types: that is how `-o json` prints them. */
  build(options: GeneratorOptions, factory: Factory): KubeObject | Promise<KubeObject>;
}

/** Every generator's flags, sorted in by help. */
const COMMON: readonly Flag[] = [...shared.PRINT, shared.DRY_RUN, shared.FIELD_MANAGER('kubectl-create'), shared.SAVE_CONFIG, shared.VALIDATE];

export function generator(parts: Generator): Command<GeneratorOptions> {
  return {
    use: parts.use,
    short: parts.short,
    long: parts.long ?? `${parts.short}.`,
    examples: parts.examples,
    flags: [...COMMON, ...parts.flags],
    async complete(args, flags, factory, dash) {
      const { name, rest } = nameAndRest(args, dash, parts.takesCommand === true);
      return { name, rest, flags, dryRun: shared.dryRunOf(flags, factory), validation: shared.validationOf(flags) };
    },
    validate: (options) => parts.check?.(options),
    async run(options, factory) {
      const { flags, dryRun } = options;
      const print = await objectPrinter(factory, flags, 'created', dryRun, true);
      let object = await parts.build(options, factory);
      if (parts.resource.namespaced && factory.namespaceGiven) object = inNamespace(object, factory.namespace);
      object = flags.bool('save-config') ? withTypedConfig(object) : object;
      if (dryRun !== 'client') object = await create(parts, options, factory, object);
      print(object);
    },
  };
}

/** Upstream: NameFromCommandArgs, and for what runs a command `-- COMMAND`. */
export function nameAndRest(args: readonly string[], dash: number, takesCommand: boolean): { readonly name: string; readonly rest: readonly string[] } {
  const count = takesCommand && dash >= 0 ? dash : args.length;
  if (count !== 1) throw new UsageError(`exactly one NAME is required, got ${count}`, 'help');
  return { name: args[0] as string, rest: args.slice(1) };
}

/** --save-config of an object of Go's types: members keep their order, and there are no empty annotations. */
export function withTypedConfig(object: KubeObject): KubeObject {
  const text = `${goJson(object, { keepOrder: true })}\n`;
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [LAST_APPLIED]: text } } };
}

/** The namespace where Go's ObjectMeta has it: behind the name. */
function inNamespace(object: KubeObject, namespace: string): KubeObject {
  const { name, ...rest } = object.metadata;
  return { ...object, metadata: { ...(name === undefined ? {} : { name }), namespace, ...rest } };
}

async function create(
  { resource, wraps }: Generator,
  { flags, dryRun, validation }: GeneratorOptions,
  factory: Factory,
  object: KubeObject,
): Promise<KubeObject> {
  try {
    return await factory.client.create<KubeObject>({ resource, namespace: resource.namespaced ? factory.namespace : '' }, object, {
      fieldManager: flags.string('field-manager'),
      fieldValidation: validation,
      ...shared.dryRunQuery(dryRun),
    });
  } catch (error) {
    if (wraps === undefined || !(error instanceof StatusError || error instanceof InvalidSegment)) throw error;
    throw new UsageError(`failed to create ${wraps}${messageOf(error)}`);
  }
}

/** generate.ParseLabels: `a=b,c=d`. */
export function parseLabelList(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const spec of text.split(',')) {
    const [key = '', value = '', ...more] = spec.split('=');
    if (!spec.includes('=') || more.length > 0) throw new UsageError(`unexpected label spec: ${spec}`);
    if (key === '') throw new UsageError('unexpected empty label key');
    labels[key] = value;
  }
  return labels;
}
