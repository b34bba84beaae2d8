/**
 * MutatingAdmissionWebhook and ValidatingAdmissionWebhook (k8s.io/apiserver/pkg/admission/plugin/webhook): which requests are sent to which
 * service, and what is said when there is nobody to send them to. What a webhook would answer is not known here: one that can be reached lets
 * everything pass as it is, and so does one at a URL.
 */
import { internalError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import type { Api } from '../../api/verbs.js';
import type { Endpoints } from '../../resources/endpoints/types.js';
import type { Service } from '../../resources/services/types.js';
import type { Webhook } from '../../resources/webhooks/types.js';
import type { AdmissionPlugin, Attributes } from './plugin.js';
import { conditionsHold, EXEMPT, matches, requestFor } from './validating-admission-policy.js';

const GROUP = 'admissionregistration.k8s.io';
type Configuration = KubeObject & { readonly webhooks?: readonly Webhook[] };

export const mutatingAdmissionWebhook: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  subresources: ['*'],
  admit(object, old, attributes, { api }) {
    callAll(`mutatingwebhookconfigurations.${GROUP}`, object, old, attributes, api);
    return object;
  },
  // What is deleted or connected to has no other phase here.
  validate(object, old, attributes, { api }) {
    const { operation } = attributes;
    if (operation === 'DELETE' || operation === 'CONNECT') callAll(`mutatingwebhookconfigurations.${GROUP}`, object, old, attributes, api);
  },
};

export const validatingAdmissionWebhook: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  subresources: ['*'],
  validate(object, old, attributes, { api }) {
    callAll(`validatingwebhookconfigurations.${GROUP}`, object, old, attributes, api);
  },
};

/** By the names of their configurations, and in the order they have there. */
function callAll(id: string, object: KubeObject | undefined, old: KubeObject | undefined, attributes: Attributes, api: Api): void {
  const configurations = api.list<Configuration>(id);
  if (configurations.length === 0 || EXEMPT.has(attributes.id)) return;
  const request = requestFor(object, old, attributes, api);
  const byName = [...configurations].sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
  for (const webhook of byName.flatMap(({ webhooks = [] }) => webhooks)) {
    const { rules = [], namespaceSelector, objectSelector, matchConditions = [], failurePolicy = 'Fail' } = webhook;
    const selectors = { ...(namespaceSelector === undefined ? {} : { namespaceSelector }), ...(objectSelector === undefined ? {} : { objectSelector }) };
    if (rules.length === 0 || !matches({ ...selectors, resourceRules: rules }, request)) continue;
    if (matchConditions.length > 0 && !conditionsHold(matchConditions, request, failurePolicy === 'Fail')) continue;
    const problem = failurePolicy === 'Ignore' ? undefined : unreachable(webhook, api);
    if (problem !== undefined) throw internalError(`failed calling webhook ${JSON.stringify(webhook.name)}: failed to call webhook: ${problem}`);
  }
}

/** Why the webhook's service cannot be called (kube-aggregator pkg/apiserver resolvers.go, and the node's rules for who has no endpoints). */
function unreachable({ clientConfig: { service: reference }, timeoutSeconds = 10 }: Webhook, api: Api): string | undefined {
  if (reference === undefined) return undefined;
  const { name, namespace, path = '/', port = 443 } = reference;
  const asked = `Post "https://${name}.${namespace}.svc:${port}${path}?timeout=${timeoutSeconds}s"`;
  const service = api.get<Service>('services', { namespace, name });
  if (service === undefined) return `${asked}: service ${JSON.stringify(name)} not found`;
  const { type = 'ClusterIP', clusterIP = '', ports = [] } = service.spec;
  if (type === 'ExternalName') return undefined;
  if (type === 'ClusterIP' && clusterIP === 'None') return `${asked}: cannot route to service with ClusterIP "None"`;
  if (!ports.some((one) => one.port === port)) return `${asked}: no service port ${port} found for service ${JSON.stringify(name)}`;
  const { subsets = [] } = api.get<Endpoints>('endpoints', { namespace, name }) ?? {};
  if (subsets.some(({ addresses = [] }) => addresses.length > 0)) return undefined;
  return `${asked}: dial tcp ${clusterIP}:${port}: connect: connection refused`;
}
