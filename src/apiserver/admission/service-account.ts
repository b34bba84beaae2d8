/** plugin/pkg/admission/serviceaccount: every pod has an account, and its token where the process looks for it. */
import { failure, forbidden } from '../../api/errors.js';
import { mirroredUid } from '../../api/mirror-pods.js';
import { copyOf, type KubeObject, type Mutable } from '../../api/object.js';
import type { Api } from '../../api/verbs.js';
import type { Container, PodSpec, VolumeMount } from '../../resources/pod-template/types.js';
import type { Pod } from '../../resources/pods/types.js';
import type { ServiceAccount } from '../../resources/serviceaccounts/types.js';
import { type Random, randomSuffix } from '../registry/metadata.js';
import type { AdmissionPlugin } from './plugin.js';

const DEFAULT = 'default';
const PREFIX = 'kube-api-access-';
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** One frozen value for all pods: nothing below it is ever walked again. */
const SOURCE = Object.freeze({
  defaultMode: 420,
  sources: Object.freeze([
    Object.freeze({ serviceAccountToken: Object.freeze({ expirationSeconds: 3607, path: 'token' }) }),
    Object.freeze({ configMap: Object.freeze({ items: Object.freeze([Object.freeze({ key: 'ca.crt', path: 'ca.crt' })]), name: 'kube-root-ca.crt' }) }),
    Object.freeze({
      downwardAPI: Object.freeze({
        items: Object.freeze([Object.freeze({ fieldRef: Object.freeze({ apiVersion: 'v1', fieldPath: 'metadata.namespace' }), path: 'namespace' })]),
      }),
    }),
  ]),
});

export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],
  subresources: ['ephemeralcontainers'],
  admit(object, _old, { operation, key }, { api, random }) {
    const pod = object as KubeObject as Pod;
    if (operation !== 'CREATE' || mirroredUid(pod) !== undefined) return object;
    const name = pod.spec.serviceAccountName || DEFAULT;
    const account = accountOf(pod, name, key.namespace, api);
    // One copy, to which all is added: this is done ten thousand times.
    const spec = copyOf(pod.spec);
    spec.serviceAccountName = name;
    spec.serviceAccount = name;
    if (shouldMount(account, spec)) mountToken(spec, random);
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length)
      spec.imagePullSecrets = account.imagePullSecrets as NonNullable<PodSpec['imagePullSecrets']>;
    const refused = forbiddenSecret(account, spec, spec.initContainers ?? [], spec.containers ?? []);
    if (refused !== undefined) throw forbidden('pods', nameOf(pod), refused);
    return { ...object, spec };
  },
  validate(object, _old, { subresource, key }, { api }) {
    if (subresource === '') return;
    const pod = object as Pod;
    const account = accountOf(pod, pod.spec.serviceAccountName ?? '', key.namespace, api);
    const refused = limitsSecrets(account) ? forbiddenReference(pod.spec.ephemeralContainers ?? [], 'ephemeral container', account) : undefined;
    // Upstream makes no status of this one.
    if (refused !== undefined) throw failure(500, '', refused);
  },
};

function accountOf(pod: Pod, name: string, namespace: string, api: Api): ServiceAccount {
  const account = api.get<ServiceAccount>('serviceaccounts', { namespace, name });
  if (account === undefined) throw forbidden('pods', nameOf(pod), `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`);
  return account;
}

/** What strconv.ParseBool takes for true. */
const TRUE: ReadonlySet<string | undefined> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const limitsSecrets = ({ metadata }: ServiceAccount): boolean => TRUE.has(metadata.annotations?.['kubernetes.io/enforce-mountable-secrets']);
const namesOf = (references: readonly { readonly name?: string }[] = []): ReadonlySet<string | undefined> => new Set(references.map(({ name }) => name));

/** Of an account that says so, pods may use the secrets only that it lists (limitSecretReferences): the first other one. */
function forbiddenSecret(account: ServiceAccount, spec: PodSpec, initContainers: readonly Container[], containers: readonly Container[]): string | undefined {
  if (!limitsSecrets(account)) return undefined;
  const { name = '' } = account.metadata;
  const mountable = namesOf(account.secrets);
  const mounted = spec.volumes?.find(({ secret }) => secret !== undefined && !mountable.has(secret.secretName ?? ''))?.secret;
  if (mounted !== undefined)
    return `volume with secret.secretName="${mounted.secretName ?? ''}" is not allowed because service account ${name} does not reference that secret`;
  const referred = forbiddenReference(initContainers, 'init container', account) ?? forbiddenReference(containers, 'container', account);
  if (referred !== undefined) return referred;
  const pullable = namesOf(account.imagePullSecrets);
  const i = (spec.imagePullSecrets ?? []).findIndex((secret) => !pullable.has(secret.name));
  return i < 0
    ? undefined
    : `imagePullSecrets[${i}].name="${spec.imagePullSecrets?.[i]?.name ?? ''}" is not allowed because service account ${name} does not reference that imagePullSecret`;
}

function forbiddenReference(containers: readonly Container[], kind: string, account: ServiceAccount): string | undefined {
  const mountable = namesOf(account.secrets);
  const refusal = (container: Container, where: string, secret: string) =>
    `${kind} ${container.name} with ${where} referencing secret.secretName="${secret}" is not allowed because service account ${account.metadata.name} does not reference that secret`;
  for (const container of containers) {
    for (const { name, valueFrom } of container.env ?? []) {
      const secret = valueFrom?.secretKeyRef;
      if (secret !== undefined && !mountable.has(secret.name ?? '')) return refusal(container, `envVar ${name}`, secret.name ?? '');
    }
    for (const { secretRef } of container.envFrom ?? [])
      if (secretRef !== undefined && !mountable.has(secretRef.name ?? '')) return refusal(container, 'envFrom', secretRef.name ?? '');
  }
  return undefined;
}

/** Refusals before a name is made show the generateName (admission/errors.go extractResourceName). */
export const nameOf = (object: KubeObject): string => object.metadata.name || object.metadata.generateName || 'Unknown';

const shouldMount = (account: ServiceAccount, spec: PodSpec): boolean => spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;

const isMissing = (container: Container): boolean => !container.volumeMounts?.some(({ mountPath }) => mountPath === MOUNT_PATH);

function mountToken(spec: Mutable<PodSpec>, random: Random): void {
  const { initContainers, containers } = spec;
  if (initContainers?.some(isMissing) !== true && containers?.some(isMissing) !== true) return;
  const existing = spec.volumes?.find(({ name }) => name.startsWith(PREFIX));
  const name = existing?.name ?? PREFIX + randomSuffix(random, 'name');
  const mount: VolumeMount = { mountPath: MOUNT_PATH, name, readOnly: true };
  const mounted = (container: Container): Container =>
    isMissing(container) ? Object.assign({}, container, { volumeMounts: (container.volumeMounts ?? []).concat(mount) }) : container;
  if (initContainers !== undefined) spec.initContainers = initContainers.map(mounted);
  if (containers !== undefined) spec.containers = containers.map(mounted);
  if (existing === undefined) spec.volumes = (spec.volumes ?? []).concat({ name, projected: SOURCE });
}
