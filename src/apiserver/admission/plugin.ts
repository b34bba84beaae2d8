/** The form every admission plugin fills in: k8s.io/apiserver/pkg/admission interfaces.go. One file per plugin. */
import type { KubeObject, ObjectKey } from '../../api/object.js';
import type { AnyResource } from '../../api/resource.js';
import type { Time } from '../../api/time.js';
import type { UserInfo } from '../../api/transport.js';
import type { Api, ResourceId, WriteOptions } from '../../api/verbs.js';
import type { Random } from '../registry/metadata.js';
import type { Call, Called } from '../webhooks/caller.js';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

export interface Attributes {
  readonly operation: Operation;
  readonly id: ResourceId;
  readonly resource: AnyResource;
  /** The name is '' while a name is still to be generated. */
  readonly key: ObjectKey;
  /** '': the object itself. */
  readonly subresource: string;
  /** Of the body, where it is not the resource's: Scale, Eviction. */
  readonly kind?: Pick<AnyResource['names'], 'group' | 'version' | 'kind'>;
  readonly options: WriteOptions;
}

export interface AdmissionContext {
  readonly api: Api;
  readonly now: Time;
  readonly random: Random;
  readonly webhooks: { call(call: Call): Called };
  /** Of a question to a webhook: the same when it is put again. */
  uidOf(question: string): string;
  /** The versions in which a kind is served. */
  faces(id: ResourceId): readonly AnyResource[];
  /** As clients see it. `isOther`: it is no object of the face's kind. */
  shown(object: KubeObject, face: AnyResource, isOther: boolean): KubeObject;
  /** As JSON over the wire. */
  written(value: object): string;
  /** Read as what clients send, with its defaults; Go's words when it cannot be. */
  decoded(value: unknown, face: AnyResource, otherKind: string | undefined): KubeObject | string;
  /** The component that acts, in a loop; undefined: a client. */
  actor(): UserInfo | undefined;
}

/** The mutating phase is gone through a second time when a plugin asks for it (pkg/admission/reinvocation.go). */
export interface Round {
  readonly isRepeated: boolean;
  /** What plugins keep from the first for the second. */
  readonly memory: Map<string, unknown>;
  repeat(): void;
}

export interface AdmissionPlugin {
  readonly name: string;
  readonly operations: readonly Operation[];
  /** Absent: every resource. */
  readonly resources?: readonly ResourceId[];
  /** What it looks at besides objects themselves; `*`: every subresource. Absent: none. */
  readonly subresources?: readonly string[];
  /** It asks others, of what components write as well. */
  readonly asks?: boolean;
  /** Also asked about the records (events, leases) that components write. */
  readonly records?: boolean;
  /** The object as it is to be; throws a StatusError to refuse. */
  admit?<T extends KubeObject>(object: T, old: T | undefined, attributes: Attributes, context: AdmissionContext, round: Round): T;
  /** After validation; throws a StatusError to refuse. `object` is absent on deletion. */
  validate?(object: KubeObject | undefined, old: KubeObject | undefined, attributes: Attributes, context: AdmissionContext): void;
}
