/** plugin/pkg/admission/serviceaccount: every pod has an account, and its token where the process looks for it. */
import { forbidden } from '../../api/errors.js';
import { mirroredUid } from '../../api/mirror-pods.js';
import { copyOf, type KubeObject, type Mutable } from '../../api/object.js';
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
  operations: ['CREATE'],
  resources: ['pods'],
  admit(object, _old, { id, key }, { api, random }) {
    const pod = object as KubeObject as Pod;
    if (mirroredUid(pod) !== undefined) return object;
    const name = pod.spec.serviceAccountName || DEFAULT;
    const account = api.get<ServiceAccount>('serviceaccounts', { namespace: key.namespace, name });
    if (account === undefined)
      throw forbidden(id, nameOf(pod), `error looking up service account ${key.namespace}/${name}: serviceaccount "${name}" not found`);
    // One copy, to which all is added: this is done ten thousand times.
    const spec = copyOf(pod.spec);
    spec.serviceAccountName = name;
    spec.serviceAccount = name;
    if (shouldMount(account, spec)) mountToken(spec, random);
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length)
      spec.imagePullSecrets = account.imagePullSecrets as NonNullable<PodSpec['imagePullSecrets']>;
    return { ...object, spec };
  },
};

/** Refusals before a name is made show the generateName (admission/errors.go extractResourceName). */
export const nameOf = (object: KubeObject): string => object.metadata.name || object.metadata.generateName || '';

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
