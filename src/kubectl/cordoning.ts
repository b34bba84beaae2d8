/** Marking nodes as unschedulable, for cordon, uncordon and drain (k8s.io/kubectl pkg/drain/cordon.go). */
import { goQuote } from '../api/field.js';
import type { KubeObject } from '../api/object.js';
import { type Info, NOTHING_NAMED, visit } from './builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from './command.js';
import { dryRunSuffix } from './printing.js';
import * as shared from './shared-flags.js';

export interface NodeObject extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean };
}

/** The nodes that arguments or -l name, before anything is done to one. `usage`: the command's line for a call without either. */
export async function nodesOf(factory: Factory, args: readonly string[], flags: FlagValues, usage: string): Promise<readonly Info[]> {
  const selector = flags.string('selector');
  if (args.length === 0 && !flags.changed('selector')) throw new UsageError(`USAGE: ${usage} [flags]`, 'help');
  if (args.length > 0 && selector !== '') throw new UsageError('error: cannot specify both a node name and a --selector option', 'help');
  if (args.length === 0 && selector === '') throw new UsageError(NOTHING_NAMED);
  // A name may have its type before it (Builder.ResourceNames).
  if (args.includes('')) throw new UsageError('resource name may not be empty');
  const names = args.map((arg) => (arg.includes('/') ? arg : `nodes/${arg}`));
  const infos: Info[] = [];
  const limit = flags.has('chunk-size') ? flags.int('chunk-size') : 500;
  const { errors } = await visit(factory, { args: names.length === 0 ? ['nodes'] : names, selector, selectAllByDefault: true, limit }, async (info) => {
    if (info.mapping.resource !== 'nodes') throw new UsageError(`error: expected resource of type node, got ${goQuote(gvrText(info.mapping))}`);
    infos.push(info);
  });
  if (errors.length > 0) throw errors[0];
  return infos;
}

/** A GroupVersionResource as Go prints it. */
const gvrText = ({ group, version, resource }: Info['mapping']): string => `${group}/${version}, Resource=${resource}`;

/** PATCHes the node unless it is so already; prints `node/x cordoned` or `node/x already cordoned`. */
export async function cordon(factory: Factory, info: Info, unschedulable: boolean, dryRun: shared.DryRun): Promise<void> {
  const node = info.object as NodeObject;
  const word = unschedulable ? 'cordoned' : 'uncordoned';
  const say = (text: string): void => factory.streams.out(`node/${info.name} ${text}${dryRunSuffix(dryRun)}\n`);
  if ((node.spec?.unschedulable ?? false) === unschedulable) return say(`already ${word}`);
  if (dryRun !== 'client')
    await factory.client.patch(
      { resource: info.mapping, name: info.name },
      'strategic',
      { spec: { unschedulable: unschedulable ? true : null } },
      shared.dryRunQuery(dryRun),
    );
  say(word);
}

interface Options {
  readonly args: readonly string[];
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
}

/** cordon and uncordon differ in a word. */
export function cordonCommand(name: 'cordon' | 'uncordon', short: string, long: string, examples: string): Command<Options> {
  return {
    use: `${name} NODE`,
    short,
    long,
    examples,
    flags: [shared.DRY_RUN, shared.SELECTOR],
    complete: async (args, flags, factory) => ({ args, flags, dryRun: shared.dryRunOf(flags, factory) }),
    async run({ args, flags, dryRun }, factory) {
      const infos = await nodesOf(factory, args, flags, `${name} NODE`);
      for (const info of infos) await cordon(factory, info, name === 'cordon', dryRun);
    },
  };
}
