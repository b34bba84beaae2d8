/** kubectl set selector (pkg/cmd/set/set_selector.go). */
import type { KubeObject } from '../../../api/object.js';
import { parseSelector, type Selector } from '../../../api/selectors.js';
import { LOCAL_NEEDS_FILES, type Request, requestOf, targetOf, visitAll } from '../../builder/index.js';
import { type Command, type FlagValues, UsageError } from '../../command.js';
import { withAt } from '../../pod-specs.js';
import { objectPrinter } from '../../printing.js';
import { RECORD, recorded } from '../../record.js';
import * as shared from '../../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
  readonly requirements: Selector;
}

const command: Command<Options> = {
  use: 'selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  short: 'Change the selector of a service',
  long: `Change the selector of a service; the new one replaces the old one.

Keys and values begin with a letter or digit and may hold letters, digits, hyphens, dots and underscores. Only services have selectors that can be changed.`,
  examples: `# Labels and selector when making a deployment and its service
kubectl create service clusterip my-svc --clusterip="None" -o yaml --dry-run=client | kubectl set selector --local -f - 'environment=qa' -o yaml | kubectl create -f -
kubectl create deployment my-dep -o yaml --dry-run=client | kubectl label --local -f - environment=qa -o yaml | kubectl create -f -`,
  flags: [
    shared.ALL('Take all objects of the given types in the namespace'),
    ...shared.PRINT,
    shared.DRY_RUN,
    shared.FIELD_MANAGER('kubectl-set'),
    shared.FILENAME('that name the objects.'),
    shared.LOCAL,
    RECORD,
    { ...shared.RECURSIVE, default: 'true' },
    { name: 'resource-version', type: 'string', usage: 'Only update when the object has this version. For a single object.' },
  ],
  async complete(args, flags, factory) {
    // Whatever comes last is the selector (getResourcesAndSelector).
    const text = args.at(-1);
    if (text === undefined) throw new UsageError('one selector is required');
    const requirements = parseSelector(text);
    // Of expressions it takes those that a LabelSelector has (metav1.ParseToLabelSelector)
    const odd = 'error' in requirements ? undefined : requirements.find((one) => one.operator === '!=');
    if (odd !== undefined) throw new UsageError('"!=" is not a valid label selector operator');
    if ('error' in requirements) throw new UsageError(`couldn't parse the selector string "${text}": ${requirements.error}`);
    const local = flags.bool('local');
    const dryRun = shared.dryRunOf(flags, factory);
    const resources = args.slice(0, -1);
    if (local && resources.length > 0) throw new UsageError(LOCAL_NEEDS_FILES);
    return { request: { ...requestOf(flags, resources), latest: !local, offline: local, typed: true }, flags, dryRun, requirements };
  },
  async run(options, factory) {
    const { flags, dryRun } = options;
    const local = flags.bool('local');
    const print = await objectPrinter(factory, flags, 'selector updated', dryRun, true);
    // One after the other: what cannot be had does not keep the others from being changed.
    await visitAll(factory, options.request, async (info) => {
      const old = info.object as KubeObject;
      if (old.kind !== 'Service' || old.apiVersion !== 'v1') throw new UsageError('setting a selector is only supported for Services');
      const selector = mapOf(options.requirements);
      let changed = withAt(old, ['spec', 'selector'], Object.keys(selector).length === 0 ? undefined : (selector as never));
      const version = flags.string('resource-version');
      if (version !== '') changed = withAt(changed, ['metadata', 'resourceVersion'], version);
      changed = recorded(factory, flags, changed);
      if (local || dryRun === 'client') {
        print(local ? (await import('../../typed.js')).typed(changed) : changed);
        return;
      }
      const before = (old as unknown as { spec?: { selector?: Record<string, string> } }).spec?.selector ?? {};
      // A key that is in the old selector alone must be taken away by name
      const gone = Object.fromEntries(
        Object.keys(before)
          .filter((key) => selector[key] === undefined)
          .map((key) => [key, null]),
      );
      const { annotations } = changed.metadata;
      const metadata = { ...(version === '' ? {} : { resourceVersion: version }), ...(flags.bool('record') ? { annotations } : {}) };
      const body = { ...(Object.keys(metadata).length === 0 ? {} : { metadata }), spec: { selector: { ...gone, ...selector } } };
      const target = targetOf(info);
      print(await factory.client.patch<KubeObject>(target, 'strategic', body, { fieldManager: flags.string('field-manager'), ...shared.dryRunQuery(dryRun) }));
    });
  },
};
export default command;

function mapOf(parsed: Selector): Readonly<Record<string, string>> {
  const names: Readonly<Record<string, string>> = { in: 'In', notin: 'NotIn', exists: 'Exists', '!': 'DoesNotExist' };
  const odd = parsed.filter((one) => one.operator !== '=').map((one) => `{${one.key} ${names[one.operator]} [${one.values.join(' ')}]}`);
  if (odd.length > 0) throw new UsageError(`match expression [${odd.join(' ')}] not supported on this object`);
  return Object.fromEntries(parsed.map((one) => [one.key, one.values[0] ?? '']));
}
