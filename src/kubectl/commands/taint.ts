/** kubectl taint (pkg/cmd/taint/taint.go, utils.go). */
import { goQuote } from '../../api/field.js';
import { labelValueErrors, qualifiedNameErrors } from '../../api/label-format.js';
import type { KubeObject } from '../../api/object.js';
import type { Taint } from '../../resources/nodes/types.js';
import { type Request, visit } from '../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { aggregate } from '../errors.js';
import { operationPrinter } from '../printing.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
  readonly type: string;
  readonly add: readonly Taint[];
  readonly remove: readonly Taint[];
}

const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

const command: Command<Options> = {
  use: 'taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  short: 'Update the taints on one or more nodes',
  long: `Set or take away taints of nodes.

A taint is a key, a value (which may be left out) and an effect: NoSchedule, PreferNoSchedule or NoExecute. KEY:EFFECT- takes one away, KEY- all with
that key. Only nodes can be tainted.`,
  examples: `# "foo" takes only pods that tolerate dedicated=special-user:NoSchedule
kubectl taint nodes foo dedicated=special-user:NoSchedule

# Take it away again
kubectl taint nodes foo dedicated:NoSchedule-

# All taints with that key
kubectl taint nodes foo dedicated-

# All nodes with a label
kubectl taint node -l myLabel=X dedicated=foo:PreferNoSchedule`,
  flags: [
    shared.ALL('Take all nodes'),
    ...shared.PRINT,
    shared.DRY_RUN,
    shared.FIELD_MANAGER('kubectl-taint'),
    { name: 'overwrite', type: 'bool', usage: 'Let taints be replaced; without it, taints a node has already are an error.' },
    shared.SELECTOR,
    shared.VALIDATE,
  ],
  async complete(args, flags, factory) {
    const dryRun = shared.dryRunOf(flags, factory);
    shared.validationOf(flags);
    const isSpec = (arg: string) => /[=:]|-$/.test(arg);
    const first = args.findIndex(isSpec);
    const [resources, specs] = first < 0 ? [args, []] : [args.slice(0, first), args.slice(first)];
    const stray = specs.find((arg) => !isSpec(arg));
    if (stray !== undefined) throw new UsageError(`all resources must be specified before taint changes: ${stray}`);
    const [type = '', ...names] = resources;
    if (type === '') throw new UsageError('one or more resources must be specified as <resource> <name>');
    if (specs.length < 1) throw new UsageError('at least one taint update is required');
    const changes = parse(specs);
    const selector = flags.string('selector');
    const all = flags.bool('all');
    // The names do not count beside --all or -l.
    const request: Request = { args: ['nodes', ...(all || selector !== '' ? [] : names)], selector, all, latest: true };
    return { request, flags, dryRun, type: type.toLowerCase(), ...changes };
  },
  run,
};
export default command;

/** `key=value:effect`, `key:effect`, `key-`, `key:effect-` (parseTaints). */
function parse(specs: readonly string[]): { readonly add: readonly Taint[]; readonly remove: readonly Taint[] } {
  const add: Taint[] = [];
  const remove: Taint[] = [];
  const seen = new Set<string>();
  for (const spec of specs) {
    if (spec.endsWith('-')) {
      remove.push(parseTaint(spec.slice(0, -1)));
      continue;
    }
    const taint = parseTaint(spec);
    if (taint.effect === undefined || (taint.effect as string) === '') throw new UsageError(`invalid taint spec: ${spec}`, 'help');
    if (seen.has(`${taint.key}:${taint.effect}`))
      throw new UsageError(`duplicated taints with the same key and effect: {${taint.key} ${taint.value ?? ''} ${taint.effect} <nil>}`, 'help');
    seen.add(`${taint.key}:${taint.effect}`);
    add.push(taint);
  }
  return { add, remove };
}

function parseTaint(spec: string): Taint {
  const invalid = (why: readonly string[] = []) =>
    new UsageError([`invalid taint spec: ${spec}`, ...(why.length > 0 ? [why.join('; ')] : [])].join(', '), 'help');
  const parts = spec.split(':');
  if (parts.length > 2) throw invalid();
  const [head = '', effect] = parts;
  if (effect === undefined) {
    const why = qualifiedNameErrors(head);
    if (why.length > 0) throw invalid(why);
    return { key: head } as Taint;
  }
  if (!EFFECTS.includes(effect)) throw new UsageError(`invalid taint effect: ${effect}, unsupported taint effect`, 'help');
  const [key = '', value = '', ...more] = head.split('=');
  if (more.length > 0) throw invalid();
  const why = [...labelValueErrors(value)];
  if (why.length === 0) why.push(...qualifiedNameErrors(key));
  if (why.length > 0) throw invalid(why);
  return { key, ...(value === '' ? {} : { value }), effect } as Taint;
}

interface NodeObject extends KubeObject {
  readonly spec?: { readonly taints?: readonly Taint[] };
}

async function run({ request, flags, dryRun, type, add, remove }: Options, factory: Factory): Promise<void> {
  const { kind } = (await factory.mapper()).resolve(type);
  if (kind !== 'Node') throw new UsageError(`invalid resource type ${type}, only node types are supported`);
  checkFlags(request, add, remove);
  const print = await operationPrinter(factory, flags, 'none', dryRun !== 'client');
  const { errors } = await visit(factory, request, async (info) => {
    const { operation, taints } = changed(info.object as NodeObject, flags.bool('overwrite'), add, remove);
    if (dryRun === 'client') return print({ ...info.object, spec: { ...(info.object as NodeObject).spec, taints } } as unknown as KubeObject, operation);
    const stored = await factory.client.patch<KubeObject>(
      { resource: info.mapping, name: info.name },
      'strategic',
      { spec: { taints: taints.length === 0 ? null : taints } },
      { fieldManager: flags.string('field-manager'), fieldValidation: shared.validationOf(flags), ...shared.dryRunQuery(dryRun) },
    );
    return print(stored, operation);
  });
  const error = aggregate(errors);
  if (error !== undefined) throw error;
}

function checkFlags({ all, selector = '', args = [] }: Request, add: readonly Taint[], remove: readonly Taint[]): void {
  const both = add.flatMap((taint) => remove.filter((gone) => gone.key === taint.key && [undefined, taint.effect].includes(gone.effect)));
  if (both.length > 0) {
    const specs = both.map((gone) => `${gone.key}=${gone.effect ?? ''}`).join(', ');
    throw new UsageError(`can not both modify and remove the following taint(s) in the same command: ${specs}`);
  }
  if (all === true && selector !== '') throw new UsageError("setting 'all' parameter with a non empty selector is prohibited");
  if (all !== true && selector === '' && args.length < 2) throw new UsageError("at least one resource name must be specified since 'all' parameter is not set");
}

/** reorganizeTaints. */
function changed(
  { metadata, spec }: NodeObject,
  overwrite: boolean,
  add: readonly Taint[],
  remove: readonly Taint[],
): { readonly operation: string; readonly taints: readonly Taint[] } {
  const old = spec?.taints ?? [];
  const isSame = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;
  const existing = add.filter((taint) => old.some((one) => isSame(one, taint)));
  if (existing.length > 0 && !overwrite) {
    const keys = existing.map(({ key }) => key).join(',');
    throw new UsageError(`node ${metadata.name} already has ${keys} taint(s) with same effect(s) and --overwrite is false`);
  }
  let taints = [...add, ...old.filter((one) => !add.some((taint) => isSame(taint, one)))];
  const added = taints.length !== old.length;
  let removed = false;
  const missing: UsageError[] = [];
  for (const gone of remove) {
    const left = taints.filter((one) => !(one.key === gone.key && [undefined, one.effect].includes(gone.effect)));
    removed = left.length !== taints.length;
    if (!removed) missing.push(new UsageError(`taint ${goQuote(gone.effect === undefined ? gone.key : `${gone.key}:${gone.effect}`)} not found`));
    taints = left;
  }
  const error = aggregate(missing);
  if (error !== undefined) throw error;
  return { operation: (added && removed) || overwrite ? 'modified' : added ? 'tainted' : 'untainted', taints };
}
