/**
 * MutatingAdmissionWebhook and ValidatingAdmissionWebhook (k8s.io/apiserver/pkg/admission/plugin/webhook, generic/webhook.go, mutating and
 * validating dispatcher.go): which requests are sent to which webhook, in which version, and what comes of the answers. There is no audit log.
 */

import { isEqual } from '../../api/equality.js';
import { badRequest, forbidden, internalError, StatusError } from '../../api/errors.js';
import { applyJsonPatch, JsonPatchError } from '../../api/json-patch.js';
import type { Json, KubeObject } from '../../api/object.js';
import { allAnswered } from '../../api/outside.js';
import type { AnyResource } from '../../api/resource.js';
import type { Api } from '../../api/verbs.js';
import type { Webhook } from '../../resources/webhooks/types.js';
import { ADMINISTRATOR } from '../authorization/user.js';
import { parseJson } from '../decode/json-text.js';
import { type AdmissionRequest, admissionReview, denial, REVIEW, reviewVersion, type Verdict, verdictOf } from '../webhooks/admission-review.js';
import type { AdmissionContext, AdmissionPlugin, Attributes, Round } from './plugin.js';
import { brokenConditions, EXEMPT, matches, type Request, requestFor } from './validating-admission-policy.js';

const GROUP = 'admissionregistration.k8s.io';
export const MUTATING = `mutatingwebhookconfigurations.${GROUP}`;
export const VALIDATING = `validatingwebhookconfigurations.${GROUP}`;
type Configuration = KubeObject & { readonly webhooks?: readonly Webhook[] };

/** One that is to be called: in the version that its rules speak of. */
interface Invocation {
  readonly webhook: Webhook;
  /** Which of all there are. */
  readonly id: string;
  readonly face: AnyResource;
}

interface Said {
  readonly object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
  readonly attributes: Attributes;
  readonly context: AdmissionContext;
}

export const mutatingAdmissionWebhook: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  subresources: ['*'],
  asks: true,
  admit(object, old, attributes, context, round) {
    return isAsked(MUTATING, attributes, context.api) ? (mutate(object, old, attributes, context, round) as typeof object) : object;
  },
  // What is deleted or connected to has no other phase here.
  validate(object, old, attributes, context) {
    const { operation } = attributes;
    if ((operation !== 'DELETE' && operation !== 'CONNECT') || !isAsked(MUTATING, attributes, context.api)) return;
    mutate(object, old, attributes, context, { isRepeated: false, memory: new Map(), repeat: () => {} });
  },
};

export const validatingAdmissionWebhook: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  subresources: ['*'],
  asks: true,
  validate(object, old, attributes, context) {
    if (!isAsked(VALIDATING, attributes, context.api)) return;
    const said: Said = { object, old, attributes, context };
    const errors: StatusError[] = [];
    const invocations = webhooksOf(VALIDATING, context.api).flatMap(([id, webhook]) => invocationOf(id, webhook, said) ?? []);
    // All are asked at once, whatever the first one says.
    allAnswered(invocations, (invocation) => {
      const outcome = callOne(invocation, said, false);
      if (outcome instanceof StatusError) errors.push(outcome);
    });
    if (errors[0] !== undefined) throw errors[0];
  },
};

const isAsked = (id: string, attributes: Attributes, api: Api): boolean => !EXEMPT.has(attributes.id) && api.list(id).length > 0;

/** By the names of their configurations, and in the order they have there. */
function webhooksOf(id: string, api: Api): readonly (readonly [id: string, webhook: Webhook])[] {
  const byName = [...api.list<Configuration>(id)].sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
  return byName.flatMap(({ metadata, webhooks = [] }) => webhooks.map((webhook, i) => [`${metadata.name}/${webhook.name}/${i}`, webhook] as const));
}

/** In which of the versions that mean the same its rules want it; undefined: it is not to be called. */
function invocationOf(id: string, webhook: Webhook, said: Said): Invocation | undefined {
  const { rules = [], namespaceSelector, objectSelector, matchConditions = [], matchPolicy = 'Equivalent', failurePolicy = 'Fail' } = webhook;
  if (rules.length === 0) return undefined;
  const selectors = { ...(namespaceSelector === undefined ? {} : { namespaceSelector }), ...(objectSelector === undefined ? {} : { objectSelector }) };
  const asked = faceOf(said);
  const isIn = (face: AnyResource): Request | undefined => {
    const request = requestFor(inFace(said.object, face, said), inFace(said.old, face, said), { ...said.attributes, resource: face }, said.context.api);
    return matches({ ...selectors, resourceRules: rules }, request) ? request : undefined;
  };
  let [face, request] = [asked, isIn(asked)];
  if (request === undefined && matchPolicy === 'Equivalent' && said.attributes.kind === undefined) {
    for (const other of said.context.faces(said.attributes.id)) {
      if (request !== undefined || other === asked) continue;
      [face, request] = [other, isIn(other)];
    }
  }
  if (request === undefined) return undefined;
  if (matchConditions.length > 0) {
    const broken = brokenConditions(matchConditions, request);
    if (broken === false) return undefined;
    if (broken !== undefined) {
      if (failurePolicy === 'Ignore') return undefined;
      throw forbidden(said.attributes.id, said.attributes.key.name, broken);
    }
  }
  return { webhook, id, face };
}

/** The version in which the client speaks. */
function faceOf({ attributes: { id, options, resource }, context }: Said): AnyResource {
  const { as } = options;
  return (as === undefined ? undefined : context.faces(id).find(({ names }) => names.group === as.group && names.version === as.version)) ?? resource;
}

/** Objects of another kind (Scale, Eviction) are the same in all versions. */
function inFace<T extends KubeObject | undefined>(object: T, face: AnyResource, { attributes }: Said): T {
  return object === undefined || attributes.kind !== undefined || face.storedAs === undefined ? object : (face.storedAs.fromStored(object) as T);
}

/** Mutating webhooks, each with what the one before has made of it. */
function mutate(
  object: KubeObject | undefined,
  old: KubeObject | undefined,
  attributes: Attributes,
  context: AdmissionContext,
  round: Round,
): KubeObject | undefined {
  const memory = (round.memory.get(MUTATING) as Memory | undefined) ?? { called: new Set(), again: new Set() };
  round.memory.set(MUTATING, memory);
  const require = () => {
    for (const id of memory.called) memory.again.add(id);
    memory.called.clear();
  };
  if (round.isRepeated && memory.last !== undefined && !isEqual(memory.last, object)) require();
  let next: KubeObject | undefined = object;
  for (const [id, webhook] of webhooksOf(MUTATING, context.api)) {
    const said: Said = { object: next, old, attributes, context };
    const invocation = invocationOf(id, webhook, said);
    // Who was not called before is not called now.
    if (invocation === undefined || (round.isRepeated && !memory.again.has(id))) continue;
    const outcome = callOne(invocation, said, true);
    if (outcome instanceof StatusError) throw outcome;
    const patched = outcome === undefined ? next : applyPatch(outcome, invocation, said);
    if (patched !== next) {
      next = patched;
      require();
      round.repeat();
    }
    if (webhook.reinvocationPolicy === 'IfNeeded') memory.called.add(id);
  }
  memory.last = next;
  return next;
}

/** What the first round leaves for the second (mutating/reinvocationcontext.go). */
interface Memory {
  /** May be called again. */
  readonly called: Set<string>;
  /** Are to be. */
  readonly again: Set<string>;
  last?: KubeObject | undefined;
}

/** What a webhook says; undefined: nothing that counts. */
function callOne({ webhook, face, id }: Invocation, said: Said, isMutating: boolean): Verdict | StatusError | undefined {
  const { name, clientConfig, sideEffects, timeoutSeconds = 10, admissionReviewVersions = [], failurePolicy = 'Fail' } = webhook;
  const { attributes, context } = said;
  const isDry = attributes.options.dryRun === true;
  if (isDry && sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun')
    return badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
  const failed = (why: string) => (failurePolicy === 'Ignore' ? undefined : internalError(`failed calling webhook ${JSON.stringify(name)}: ${why}`));
  const version = reviewVersion(admissionReviewVersions);
  if (version === undefined) return failed('could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)');
  const request = admissionRequest(face, said);
  const same = `${id}\n${context.written(admissionReview(version, '', request))}`;
  const uid = context.uidOf(same);
  const called = context.webhooks.call({
    config: clientConfig,
    body: context.written(admissionReview(version, uid, request)),
    same,
    ...REVIEW,
    userAgent: 'kube-apiserver-admission',
    timeoutSeconds,
    query: `?timeout=${timeoutSeconds}s`,
  });
  if (called === undefined) return undefined;
  if ('error' in called) return failed(`failed to call webhook: ${called.error}`);
  const { apiVersion } = called.review;
  const other = typeof apiVersion === 'string' ? apiVersion.split('/')[1] : undefined;
  if (other !== undefined && other !== version)
    return failed(`failed to call webhook: converting (${other}.AdmissionReview) to (${version}.AdmissionReview): unknown conversion`);
  const verdict = verdictOf(called.review, version, uid, isMutating);
  if (typeof verdict === 'string') return failed(`received invalid webhook response: ${verdict}`);
  for (const warning of verdict.warnings) attributes.options.warn?.(warning);
  return verdict.isAllowed ? verdict : denial(name, verdict.status);
}

function admissionRequest(face: AnyResource, said: Said): AdmissionRequest {
  const { attributes, context, object, old } = said;
  const { key, id, options, operation, subresource } = attributes;
  const asked = faceOf(said);
  const resourceOf = ({ names }: AnyResource) => ({ group: names.group, version: names.version, resource: names.plural });
  const kindOf = ({ names }: AnyResource) => attributes.kind ?? { group: names.group, version: names.version, kind: names.kind };
  const shown = (one: KubeObject | undefined) => (one === undefined ? undefined : context.shown(inFace(one, face, said), face, attributes.kind !== undefined));
  return {
    kind: kindOf(face),
    resource: resourceOf(face),
    subresource,
    requestKind: kindOf(asked),
    requestResource: resourceOf(asked),
    name: key.name,
    namespace: id === 'namespaces' ? key.name : key.namespace,
    operation,
    user: options.user ?? context.actor() ?? ADMINISTRATOR,
    object: shown(object),
    old: shown(old),
    dryRun: options.dryRun === true,
    options: operation === 'CONNECT' ? undefined : { kind: OPTIONS[operation], apiVersion: 'meta.k8s.io/v1', ...options.asked },
  };
}

const OPTIONS = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const;

/** The object as a webhook's patch makes it, decoded and defaulted again; the same object when the patch changes nothing. */
function applyPatch({ patch, patchType }: Verdict, { webhook, face }: Invocation, said: Said): KubeObject | undefined {
  if (patch === '') return said.object;
  const parsed = parseJson(Buffer.from(patch, 'base64').toString('utf8'));
  if ('error' in parsed) throw internalError(parsed.error);
  const { value } = parsed;
  if (Array.isArray(value) && value.length === 0) return said.object;
  const { object, attributes, context } = said;
  if (attributes.operation === 'CONNECT') return object;
  if (object === undefined || attributes.operation === 'DELETE')
    throw internalError(`admission webhook ${JSON.stringify(webhook.name)} attempted to modify the object, which is not supported for this operation`);
  // The type is checked only after the operations have been read.
  const whole = context.shown(inFace(object, face, said), face, attributes.kind !== undefined);
  let patched: Json;
  try {
    patched = applyJsonPatch(whole as unknown as Json, value as Json);
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    throw internalError(error.message);
  }
  if (patchType !== 'JSONPatch')
    throw internalError(`failed calling webhook ${JSON.stringify(webhook.name)}: unsupported patch type ${JSON.stringify(patchType)}`);
  const decoded = context.decoded(patched, face, attributes.kind?.kind);
  if (typeof decoded === 'string') throw internalError(decoded);
  // Whose field is whose is written in a form of its own.
  const { managedFields } = object.metadata;
  const owned = { ...decoded, metadata: { ...decoded.metadata, ...(managedFields === undefined ? {} : { managedFields }) } };
  const stored = attributes.kind === undefined && face.storedAs !== undefined ? face.storedAs.toStored(owned) : owned;
  return isEqual(stored, object) ? object : stored;
}
