/** The request that made the pod, and what the API server did with it before it was stored. */
import { parseTime, type Time } from '../../api/time.js';
import type { Container } from '../../resources/pod-template/types.js';
import { defaultPod } from '../../resources/pods/defaults.js';
import type { Pod } from '../../resources/pods/types.js';
import type { Evidence } from '../timeline/evidence.js';
import { createdAt } from '../timeline/times.js';
import { type Added, addedFields, type Fields, fieldsOf, ownership } from './fields.js';
import type { Source, TraceStep } from './model.js';

interface ManagedField {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1?: unknown;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const MIRROR = 'kubernetes.io/config.mirror';

const managersOf = ({ metadata }: Pod): readonly ManagedField[] => (metadata.managedFields ?? []) as readonly ManagedField[];

/** How the pod was in the oldest version there is: who made it is still among its managers. */
const oldest = ({ versions, pod }: Evidence): Pod => versions[0]?.pod ?? pod;

/** The manager of the main resource that wrote first. */
function creatorOf(evidence: Evidence): ManagedField | undefined {
  const pod = oldest(evidence);
  const own = managersOf(pod).filter(({ subresource }) => subresource === undefined || subresource === '');
  const sorted = [...own].sort((a, b) => (parseTime(a.time ?? '') ?? 0) - (parseTime(b.time ?? '') ?? 0));
  const first = sorted[0];
  const isFirst = evidence.isFromCreation || first?.time === pod.metadata.creationTimestamp || pod.metadata.annotations?.[LAST_APPLIED] !== undefined;
  return isFirst ? first : undefined;
}

/** What each of kubectl's commands sends, by the field manager it gives itself. */
function requestsOf({ manager, operation }: ManagedField, collection: string, name: string): readonly string[] {
  const strict = 'fieldValidation=Strict';
  if (operation === 'Apply') return [`PATCH ${collection}/${name}?fieldManager=${manager}&${strict}&force=false (application/apply-patch+yaml)`];
  if (manager === 'kubectl-run') return [`POST ${collection}?fieldManager=kubectl-run`];
  if (manager === 'kubectl-create') return [`POST ${collection}?fieldManager=kubectl-create&${strict}`];
  if (manager === 'kubectl-client-side-apply')
    return [`GET ${collection}/${name}: 404 Not Found`, `POST ${collection}?fieldManager=kubectl-client-side-apply&${strict}`];
  return [`POST ${collection}`];
}

const ofPod = (evidence: Evidence, at: Time = createdAt(evidence)): Pick<TraceStep, 'at' | 'isApproximate' | 'type'> => ({
  at,
  type: 'Normal',
  ...(evidence.isFromCreation ? {} : { isApproximate: true }),
});

export function clientSteps(evidence: Evidence): { readonly client: string; readonly steps: readonly TraceStep[] } {
  const { pod } = evidence;
  const { namespace = '', name = '', ownerReferences, generateName } = pod.metadata;
  const creator = creatorOf(evidence);
  const owner = ownerReferences?.find(({ controller }) => controller === true);
  const isMirror = pod.metadata.annotations?.[MIRROR] !== undefined;
  const client = isMirror
    ? 'kubelet'
    : owner !== undefined
      ? `${owner.kind} controller`
      : creator?.manager === undefined || /^kubectl/.test(creator.manager)
        ? 'kubectl'
        : creator.manager;
  if (evidence.isFromEvents === true) return { client, steps: [] };
  const base = { component: 'client', source: 'managedFields', ...ofPod(evidence) } as const;
  const collection = `/api/v1/namespaces/${namespace}/pods`;
  const steps: TraceStep[] = [];
  if (isMirror)
    steps.push({
      ...base,
      step: 'mirror',
      source: 'object',
      message: `the kubelet runs it from a file of its node, and shows it to the API as a mirror: POST ${collection}`,
    });
  else if (owner !== undefined) {
    const named = generateName === undefined ? '' : `, generateName ${generateName}`;
    steps.push({
      ...base,
      step: 'request',
      source: 'object',
      message: `POST ${collection} for ${owner.kind} ${owner.name} (${owner.name} is its controller${named})`,
    });
  } else if (creator === undefined)
    steps.push({ ...base, step: 'request', source: 'object', message: `it was created in ${collection}; by which request is not on record` });
  else {
    const requests = requestsOf(creator, collection, name);
    for (const before of requests.slice(0, -1)) steps.push({ ...base, step: 'look', message: before });
    steps.push({
      ...base,
      step: 'request',
      message: requests.at(-1) ?? '',
      details: [`field manager ${creator.manager}, operation ${creator.operation ?? 'Update'}`],
    });
  }
  return { client, steps: [...steps, ...laterWrites(evidence, creator)] };
}

/** Others who have written the object since, and not its status. */
function laterWrites(evidence: Evidence, creator: ManagedField | undefined): readonly TraceStep[] {
  return managersOf(evidence.pod)
    .filter(({ manager, subresource, time }) => manager !== creator?.manager && subresource !== 'status' && time !== undefined && manager !== 'kube-scheduler')
    .map(({ manager = '', operation = '', time = '', fieldsV1, subresource }): TraceStep => {
      const what = Object.keys((fieldsV1 ?? {}) as object).map((key) => key.replace(/^f:/, ''));
      const at = parseTime(time);
      return {
        component: 'client',
        step: 'change',
        ...(at === undefined ? {} : { at }),
        isApproximate: true,
        message: `${manager} (${operation}${subresource === undefined ? '' : `, subresource ${subresource}`}) has written fields of ${what.join(', ')}`,
        type: 'Normal',
        source: 'managedFields',
      };
    });
}

/** What was sent: kubectl apply keeps it in the object, a controller's template has it; else nobody knows. */
function sentFields(pod: Pod, template: unknown): { readonly fields: Fields; readonly words: string } | undefined {
  const applied = pod.metadata.annotations?.[LAST_APPLIED];
  if (applied !== undefined) {
    try {
      const { spec } = JSON.parse(applied) as { readonly spec?: unknown };
      return { fields: fieldsOf(spec, 'spec'), words: 'what kubectl apply sent (its last-applied-configuration)' };
    } catch {
      return undefined;
    }
  }
  if (template === undefined) return undefined;
  return {
    fields: fieldsOf(template, 'spec'),
    words: `the template of its ${pod.metadata.ownerReferences?.find(({ controller }) => controller === true)?.kind}`,
  };
}

export function apiServerSteps(evidence: Evidence, template: unknown): readonly TraceStep[] {
  if (evidence.isFromEvents === true) return [];
  const pod = oldest(evidence);
  const base = { component: 'kube-apiserver', ...ofPod(evidence) } as const;
  const sent = sentFields(pod, template);
  const owned = ownership(creatorOf(evidence)?.fieldsV1);
  const added = addedFields(pod, sent?.fields, owned);
  const defaulted = added.filter(({ plugin }) => plugin === undefined);
  const steps: TraceStep[] = [
    { ...base, step: 'authn, authz', source: 'object', message: 'passed, or it would not be there; as whom the client came is not on record (no audit log)' },
  ];
  if (sent === undefined) {
    const details = defaulted.filter(hasDefault(pod)).map(line);
    const known = details.length === 0 ? '' : '; these fields have their default values:';
    steps.push({
      ...base,
      step: 'defaulting',
      source: 'object',
      message: `what the client left out got its default (what it sent is not on record)${known}`,
      details,
    });
  } else
    steps.push({
      ...base,
      step: 'defaulting',
      source: 'object',
      message: defaulted.length === 0 ? `nothing was missing in ${sent.words}` : `added to ${sent.words}:`,
      details: defaulted.map(line),
    });
  steps.push(...admissionSteps(added, base));
  const { uid, creationTimestamp, generation } = pod.metadata;
  const { qosClass } = evidence.pod.status ?? {};
  const set = [
    `uid ${uid}`,
    `creationTimestamp ${creationTimestamp}`,
    ...(generation === undefined ? [] : ['generation 1']),
    'status.phase Pending',
    ...(qosClass === undefined ? [] : [`status.qosClass ${qosClass}`]),
  ];
  steps.push({ ...base, step: 'prepare', source: 'object', message: `sets ${set.join(', ')}` });
  return steps;
}

/** Defaulting makes the same of a pod that has nothing but its containers' names and images. */
function hasDefault(pod: Pod): (field: Added) => boolean {
  const bare = (list: readonly Container[] | undefined) => list?.map(({ name, image }) => ({ name, ...(image === undefined ? {} : { image }) }));
  const { containers, initContainers } = pod.spec;
  const spec = { containers: bare(containers) ?? [], ...(initContainers === undefined ? {} : { initContainers: bare(initContainers) ?? [] }) } as Pod['spec'];
  const given = fieldsOf(spec, 'spec');
  const filled = fieldsOf(defaultPod({ ...pod, spec }).spec, 'spec');
  return ({ path, value }) => !given.has(path) && filled.get(path) === value;
}

function admissionSteps(added: readonly Added[], base: Omit<TraceStep, 'step' | 'message' | 'source'>): readonly TraceStep[] {
  const plugins = [...new Set(added.map(({ plugin }) => plugin))].filter((plugin) => plugin !== undefined);
  return plugins.map((plugin): TraceStep => {
    const source: Source = 'object';
    return { ...base, step: 'admission', source, message: `${plugin} added:`, details: summary(added.filter((one) => one.plugin === plugin)) };
  });
}

const line = ({ path, value }: Added): string => `${path}: ${value.length > 60 ? `${value.slice(0, 57)}...` : value}`;

/** Volumes and tolerations in one line each. */
function summary(added: readonly Added[]): readonly string[] {
  const lines = new Map<string, string>();
  for (const one of added) {
    const item = /^(.*?(?:volumes|tolerations|volumeMounts)\[[^\]]*\])\.(.*)$/.exec(one.path);
    if (item === null) lines.set(one.path, line(one));
    else if (/tolerations/.test(one.path))
      lines.set(
        item[1] as string,
        `${lines.get(item[1] as string) ?? `${item[1]}:`} ${one.path.endsWith('.key') ? '' : one.value}`.replace(/ +/g, ' ').trimEnd(),
      );
    else lines.set(item[1] as string, item[1] as string);
  }
  return [...lines.values()];
}
