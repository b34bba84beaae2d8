/** A container's environment: kubelet_pods.go makeEnvironmentVariables, pkg/kubelet/envvars. */
import { textOfBase64 } from '../api/bytes.js';
import type { KubeObject } from '../api/object.js';
import type { Api } from '../api/verbs.js';
import type { Container } from '../resources/pod-template/types.js';
import { fieldValue, type PodFacts, resourceValueOf } from './downward.js';
import { expand } from './expansion.js';

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}
interface Service extends KubeObject {
  readonly spec?: {
    readonly clusterIP?: string;
    readonly type?: string;
    readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[];
  };
}

/** Variables by name, in order of precedence, lowest first. */
export type Env = Readonly<Record<string, string>>;

/** The value of a variable; undefined: there is none of this name. */
export const valueIn = (env: Env, name: string): string | undefined => (Object.hasOwn(env, name) ? env[name] : undefined);

/** The container's own variables behind those of services; the error is CreateContainerConfigError's message. */
export function makeEnv(api: Api, services: Env, facts: PodFacts, container: Container): { readonly env: Env } | { readonly error: string } {
  const { pod } = facts;
  const namespace = pod.metadata.namespace ?? '';
  const known = new Map<string, string>();

  for (const source of container.envFrom ?? []) {
    const kind = source.configMapRef === undefined ? 'secret' : 'configmap';
    const ref = source.configMapRef ?? source.secretRef;
    if (ref === undefined) continue;
    const found = readData(api, kind, namespace, ref.name ?? '');
    if (found === undefined) {
      if (ref.optional === true) continue;
      return { error: `${kind} "${ref.name ?? ''}" not found` };
    }
    for (const [key, value] of Object.entries(found)) known.set((source.prefix ?? '') + key, value);
  }

  const lookUp = (name: string): string | undefined => known.get(name) ?? valueIn(services, name);
  for (const variable of container.env ?? []) {
    const { name, value, valueFrom } = variable;
    let text: string;
    if (valueFrom === undefined) text = expand(value ?? '', lookUp);
    else if (valueFrom.fieldRef !== undefined) text = fieldValue(facts, valueFrom.fieldRef.fieldPath);
    else if (valueFrom.resourceFieldRef !== undefined) {
      const amount = resourceValueOf(facts, valueFrom.resourceFieldRef, container);
      if (typeof amount !== 'string') return amount;
      text = amount;
    } else {
      const kind = valueFrom.configMapKeyRef === undefined ? 'secret' : 'configmap';
      const ref = valueFrom.configMapKeyRef ?? valueFrom.secretKeyRef;
      if (ref === undefined) continue;
      const found = readData(api, kind, namespace, ref.name ?? '');
      if (found === undefined) {
        if (ref.optional === true) continue;
        return { error: `${kind} "${ref.name ?? ''}" not found` };
      }
      const got = found[ref.key];
      if (got === undefined) {
        if (ref.optional === true) continue;
        return { error: `couldn't find key ${ref.key} in ${kind === 'secret' ? 'Secret' : 'ConfigMap'} ${namespace}/${ref.name ?? ''}` };
      }
      text = got;
    }
    known.set(name, text);
  }

  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(services)) if (!known.has(name)) env[name] = value;
  for (const [name, value] of known) env[name] = value;
  return { env };
}

/** Keys and texts of a ConfigMap or Secret; undefined when there is none. */
function readData(api: Api, kind: 'configmap' | 'secret', namespace: string, name: string): Readonly<Record<string, string>> | undefined {
  const object = api.get<ConfigMap>(`${kind}s`, { namespace, name });
  if (object === undefined) return undefined;
  if (kind === 'configmap') return object.data ?? {};
  return Object.fromEntries(Object.entries(object.data ?? {}).map(([key, value]) => [key, textOfBase64(value)]));
}

const NO_SERVICES: readonly Service[] = [];
const MASTER = 'kubernetes';
const hasAddress = ({ spec }: Service): boolean => spec?.clusterIP !== undefined && spec.clusterIP !== '' && spec.clusterIP !== 'None';

/** Variables for the services of a namespace, and for `kubernetes` always (envvars.FromServices). */
export class ServiceVariables {
  /** By the list they were made of: as long as no service changes, a node's containers all get the same. */
  private readonly made = new WeakMap<readonly Service[], { readonly master: Service | undefined; readonly env: Env }>();

  of(api: Api, namespace: string, links: boolean): Env {
    const master = api.get<Service>('services', { namespace: 'default', name: MASTER });
    const services = links ? api.list<Service>('services', { namespace }) : NO_SERVICES;
    const known = this.made.get(services);
    if (known !== undefined && known.master === master) return known.env;
    const env: Record<string, string> = {};
    // One of its name in the pod's own namespace stands in its place.
    if (master !== undefined && !services.some((service) => service.metadata.name === MASTER && hasAddress(service))) addService(env, master);
    for (const service of services) addService(env, service);
    this.made.set(services, { master, env });
    return env;
  }
}

function addService(out: Record<string, string>, service: Service): void {
  if (!hasAddress(service)) return;
  const ip = service.spec?.clusterIP ?? '';
  const ports = service.spec?.ports ?? [];
  const prefix = variableName(service.metadata.name ?? '');
  out[`${prefix}_SERVICE_HOST`] = ip;
  out[`${prefix}_SERVICE_PORT`] = String(ports[0]?.port ?? '');
  for (const { name, port } of ports) if (name !== undefined && name !== '') out[`${prefix}_SERVICE_PORT_${variableName(name)}`] = String(port);
  for (const [i, { port, protocol = 'TCP' }] of ports.entries()) {
    const url = `${protocol.toLowerCase()}://${ip.includes(':') ? `[${ip}]` : ip}:${port}`;
    if (i === 0) out[`${prefix}_PORT`] = url;
    const each = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
    out[each] = url;
    out[`${each}_PROTO`] = protocol.toLowerCase();
    out[`${each}_PORT`] = String(port);
    out[`${each}_ADDR`] = ip;
  }
}

const variableName = (name: string): string => name.replaceAll('-', '_').toUpperCase();
