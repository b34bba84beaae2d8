/** kubectl taint (pkg/cmd/taint/taint.go, utils.go). */
import { labelValueErrors, qualifiedNameErrors } from '../../api/label-format.js';
import type { KubeObject } from '../../api/object.js';
import { NoResourceMatch, type RestMapper } from '../../client/rest-mapper.js';
import type { Taint } from '../../resources/nodes/types.js';
import { type Info, type Request, visit } from '../builder.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { aggregate } from '../errors.js';
import { operationPrinter } from '../printing.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
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
    const isTaint = (arg: string) => /[=:]|-$/.test(arg);
    const split = args.findIndex(isTaint);
    const resources = split < 0 ? args : args.slice(0, split);
    const specs = split < 0 ? [] : args.slice(split);
    const late = specs.find((arg) => !isTaint(arg));
    if (late !== undefined) throw new UsageError(`all resources must be specified before taint changes: ${late}`);
    const [type, ...names] = resources;
    if (type === undefined) throw new UsageError('one or more resources must be specified as <resource> <name>');
    if (specs.length < 1) throw new UsageError('at least one taint update is required');
    const { add, remove } = parse(specs);
    checkType(type.toLowerCase(), await factory.mapper());
    const both = add.flatMap((one) =>
      remove.filter((other) => other.key === one.key && (hasNoEffect(other) || other.effect === one.effect)).map(({ key, effect = '' }) => `${key}=${effect}`),
    );
    if (both.length > 0) throw new UsageError(`can not both modify and remove the following taint(s) in the same command: ${both.join(', ')}`);
    const all = flags.bool('all');
    const selector = flags.string('selector');
    if (all && selector !== '') throw new UsageError("setting 'all' parameter with a non empty selector is prohibited");
    if (!all && selector === '' && names.length === 0) throw new UsageError("at least one resource name must be specified since 'all' parameter is not set");
    const request: Request = { args: all || selector !== '' ? ['node'] : ['node', ...names], selector, all, latest: true, selectAllByDefault: all };
    return { request, flags, dryRun, add, remove };
  },
  run,
};
export default command;

const hasNoEffect = ({ effect }: Taint): boolean => (effect as string | undefined) === undefined;

function checkType(type: string, mapper: RestMapper): void {
  let kind: string;
  try {
    kind = mapper.resolve(type).kind;
  } catch (error) {
    throw error instanceof NoResourceMatch ? new UsageError(error.message, 'bare') : error;
  }
  if (kind !== 'Node') throw new UsageError(`invalid resource type ${type}, only node types are supported`);
}

/** `key=value:effect`, `key:effect`, `key-`, `key:effect-`. */
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
  const [head = '', effect, ...more] = spec.split(':');
  const wrong = (errors: readonly string[]) => new UsageError(`invalid taint spec: ${spec}${errors.length === 0 ? '' : `, ${errors.join('; ')}`}`, 'help');
  if (more.length > 0) throw wrong([]);
  if (effect !== undefined && !EFFECTS.includes(effect)) throw new UsageError(`invalid taint effect: ${effect}, unsupported taint effect`, 'help');
  // Without an effect all of it is the key.
  const [key = '', value = '', ...rest] = effect === undefined ? [head] : head.split('=');
  if (rest.length > 0) throw wrong([]);
  for (const errors of [labelValueErrors(value), qualifiedNameErrors(key)]) if (errors.length > 0) throw wrong(errors);
  return { key, ...(value === '' ? {} : { value }), ...(effect === undefined ? {} : { effect }) } as Taint;
}

interface NodeObject extends KubeObject {
  readonly spec?: { readonly taints?: readonly Taint[] };
}

async function run({ request, flags, dryRun, add, remove }: Options, factory: Factory): Promise<void> {
  const print = await operationPrinter(factory, flags, 'none');
  const infos: Info[] = [];
  const { errors } = await visit(factory, request, async (info) => void infos.push(info));
  const missing = aggregate(errors);
  for (const info of infos) {
    const old = (info.object as NodeObject).spec?.taints ?? [];
    const exists = add.filter((taint) => old.some((one) => one.key === taint.key && one.effect === taint.effect));
    if (exists.length > 0 && !flags.bool('overwrite'))
      throw new UsageError(`node ${info.name} already has ${exists.map((taint) => taint.key).join(',')} taint(s) with same effect(s) and --overwrite is false`);
    let taints = old.filter((one) => !add.some((taint) => taint.key === one.key && taint.effect === one.effect));
    const problems: string[] = [];
    for (const taint of remove) {
      const left = taints.filter((one) => !(one.key === taint.key && (hasNoEffect(taint) || one.effect === taint.effect)));
      if (left.length === taints.length) problems.push(`taint "${taint.key}${hasNoEffect(taint) ? '' : `:${taint.effect}`}" not found`);
      taints = left;
    }
    if (problems.length > 0) throw new UsageError(problems.length === 1 ? (problems[0] as string) : `[${problems.join(', ')}]`);
    const next = [...add, ...taints];
    const operation = exists.length > 0 || (add.length > 0 && remove.length > 0) ? 'modified' : add.length > 0 ? 'tainted' : 'untainted';
    const object = { ...info.object, spec: { ...(info.object as NodeObject).spec, taints: next } } as unknown as KubeObject;
    if (dryRun === 'client') {
      print(object, operation);
      continue;
    }
    const stored = await factory.client.patch<KubeObject>(
      { resource: info.mapping, name: info.name },
      'strategic',
      { spec: { taints: next.length === 0 ? null : next } },
      {
        fieldManager: flags.string('field-manager'),
        fieldValidation: shared.validationOf(flags),
        ...shared.dryRunQuery(dryRun),
      },
    );
    print(stored, operation);
  }
  if (missing !== undefined) throw missing;
}
