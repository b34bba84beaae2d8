/** plugin/pkg/admission/serviceaccount: every pod has an account, and its token where the process looks for it. */
import { forbidden } from '../../api/errors.js';
import type { KubeObject, Mutable } from '../../api/object.js';
import type { Container, PodSpec, Volume, VolumeMount } from '../../resources/pod-template/types.js';
import type { Pod } from '../../resources/pods/types.js';
import type { ServiceAccount } from '../../resources/serviceaccounts/types.js';
import { randomSuffix } from '../registry/metadata.js';
import type { AdmissionPlugin } from './plugin.js';

const DEFAULT = 'default';
const PREFIX = 'kube-api-access-';
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const MIRROR = 'kubernetes.io/config.mirror';

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
  operations: ['CREATE'],
  resources: ['pods'],
  admit(object, _old, { id, key }, { api, random }) {
    const pod = object as KubeObject as Pod;
    if (pod.metadata.annotations?.[MIRROR] !== undefined) return object;
    const name = pod.spec.serviceAccountName || DEFAULT;
    const account = api.get<ServiceAccount>('serviceaccounts', { namespace: key.namespace, name });
    if (account === undefined)
      throw forbidden(id, nameOf(pod), `error looking up service account ${key.namespace}/${name}: serviceaccount "${name}" not found`);
    let spec: PodSpec = { ...pod.spec, serviceAccountName: name, serviceAccount: name };
    if (shouldMount(account, spec)) spec = withToken(spec, () => PREFIX + randomSuffix(random, 'name'));
    if ((spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0)
      spec = { ...spec, imagePullSecrets: account.imagePullSecrets as NonNullable<PodSpec['imagePullSecrets']> };
    return { ...object, spec };
  },
};

/** Refusals before a name is made show the generateName (admission/errors.go extractResourceName). */
export const nameOf = (object: KubeObject): string => object.metadata.name || object.metadata.generateName || '';

const shouldMount = (account: ServiceAccount, spec: PodSpec): boolean => spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;

function withToken(spec: PodSpec, newName: () => string): PodSpec {
  const existing = spec.volumes?.find(({ name }) => name.startsWith(PREFIX));
  const isMissing = (container: Container) => !container.volumeMounts?.some(({ mountPath }) => mountPath === MOUNT_PATH);
  if (![...(spec.initContainers ?? []), ...(spec.containers ?? [])].some(isMissing)) return spec;
  const name = existing?.name ?? newName();
  const mount: VolumeMount = { mountPath: MOUNT_PATH, name, readOnly: true };
  const mounted = (container: Container): Container =>
    isMissing(container) ? { ...container, volumeMounts: (container.volumeMounts ?? []).concat(mount) } : container;
  const volume: Volume = { name, projected: SOURCE };
  const next: Mutable<PodSpec> = { ...spec };
  if (spec.initContainers !== undefined) next.initContainers = spec.initContainers.map(mounted);
  if (spec.containers !== undefined) next.containers = spec.containers.map(mounted);
  if (existing === undefined) next.volumes = (spec.volumes ?? []).concat(volume);
  return next;
}
