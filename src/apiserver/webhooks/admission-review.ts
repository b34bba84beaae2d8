/** What a webhook is sent of a request, and what its answer comes to (k8s.io/apiserver/pkg/admission/plugin/webhook/request admissionreview.go, errors/statuserror.go). */
import { type Status, type StatusDetails, StatusError } from '../../api/errors.js';
import { isMap } from '../../api/json-data.js';
import type { KubeObject } from '../../api/object.js';
import type { UserInfo } from '../../api/transport.js';
import type { Operation } from '../admission/plugin.js';

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface ResourceName {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

export interface AdmissionRequest {
  readonly kind: Kind;
  readonly resource: ResourceName;
  readonly subresource: string;
  /** As the client asked, where the webhook is asked in another version. */
  readonly requestKind: Kind;
  readonly requestResource: ResourceName;
  readonly name: string;
  readonly namespace: string;
  readonly operation: Operation;
  readonly user: UserInfo;
  readonly object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
  readonly dryRun: boolean;
  readonly options: object | undefined;
}

const GROUP = 'admission.k8s.io';
export const REVIEW = { group: GROUP, kind: 'AdmissionReview' } as const;

/** The first of a webhook's versions that is known. */
export const reviewVersion = (versions: readonly string[]): string | undefined => versions.find((version) => version === 'v1' || version === 'v1beta1');

/** Members in the order in which Go writes them; what is absent is not written. */
export function admissionReview(version: string, uid: string, request: AdmissionRequest): object {
  const { kind, resource, subresource, requestKind, requestResource, name, namespace, operation, user, object, old, dryRun, options } = request;
  const sub = subresource === '' ? undefined : subresource;
  const extra = Object.keys(user.extra ?? {}).length === 0 ? undefined : user.extra;
  return {
    kind: REVIEW.kind,
    apiVersion: `${GROUP}/${version}`,
    request: {
      uid,
      kind: { group: kind.group, version: kind.version, kind: kind.kind },
      resource: { group: resource.group, version: resource.version, resource: resource.resource },
      subResource: sub,
      requestKind: { group: requestKind.group, version: requestKind.version, kind: requestKind.kind },
      requestResource: { group: requestResource.group, version: requestResource.version, resource: requestResource.resource },
      requestSubResource: sub,
      name: name === '' ? undefined : name,
      namespace: namespace === '' ? undefined : namespace,
      operation,
      userInfo: { username: user.name === '' ? undefined : user.name, uid: user.uid, groups: user.groups.length === 0 ? undefined : user.groups, extra },
      object: object ?? null,
      oldObject: old ?? null,
      dryRun,
      options: options ?? null,
    },
  };
}

export interface Verdict {
  readonly isAllowed: boolean;
  readonly status: unknown;
  readonly warnings: readonly string[];
  /** JSON in base64. */
  readonly patch: string;
  readonly patchType: string;
}

/** VerifyAdmissionResponse; what is wrong with it. */
export function verdictOf(review: Readonly<Record<string, unknown>>, version: string, uid: string, isMutating: boolean): Verdict | string {
  const { response } = review;
  if (!isMap(response)) return 'webhook response was absent';
  const text = (name: string): string => (typeof response[name] === 'string' ? (response[name] as string) : '');
  const [patch, patchType] = [text('patch'), text('patchType')];
  const hasType = response['patchType'] !== undefined && response['patchType'] !== null;
  if (version === 'v1') {
    if (text('uid') !== uid) return `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(text('uid'))}`;
    if (review['apiVersion'] !== `${GROUP}/v1` || review['kind'] !== REVIEW.kind)
      return `expected webhook response of ${GROUP}/v1, Kind=${REVIEW.kind}, got ${groupVersionKind(review)}`;
    if (isMutating) {
      if (patch !== '' && !hasType) return 'webhook returned response.patch but not response.patchType';
      if (patch === '' && hasType) return 'webhook returned response.patchType but not response.patch';
      if (hasType && patchType === '') return 'webhook returned invalid response.patchType of ""';
    } else {
      if (patch !== '') return 'validating webhook may not return response.patch';
      if (hasType) return 'validating webhook may not return response.patchType';
    }
  }
  return {
    isAllowed: response['allowed'] === true,
    status: response['status'],
    warnings: Array.isArray(response['warnings']) ? response['warnings'].filter((one): one is string => typeof one === 'string') : [],
    patch: isMutating ? patch : '',
    patchType: version === 'v1' ? patchType : 'JSONPatch',
  };
}

function groupVersionKind({ apiVersion, kind }: Readonly<Record<string, unknown>>): string {
  const text = typeof apiVersion === 'string' ? apiVersion : '';
  return `${text.includes('/') ? text : `/${text}`}, Kind=${typeof kind === 'string' ? kind : ''}`;
}

/** ToStatusErr. */
export function denial(webhook: string, status: unknown): StatusError {
  const given: Partial<Status> = isMap(status) ? (status as Partial<Status>) : {};
  const by = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const why = given.message || given.reason;
  const code = typeof given.code === 'number' && given.code >= 400 ? given.code : 400;
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: why ? `${by}: ${why}` : `${by} without explanation`,
    ...(given.reason ? { reason: given.reason } : {}),
    ...(isMap(given.details) ? { details: given.details as StatusDetails } : {}),
    code,
  });
}
