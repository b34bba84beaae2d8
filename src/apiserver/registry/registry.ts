/** What every verb works with; k8s.io/apiserver/pkg/registry/generic/registry store.go is its Store. */
import type { KubeObject } from '../../api/object.js';
import type { Outside } from '../../api/outside.js';
import type { AnyResource, PrepareContext } from '../../api/resource.js';
import type { Time } from '../../api/time.js';
import type { Api, ResourceId, WriteOptions } from '../../api/verbs.js';
import type { Store } from '../../store/store.js';
import type { AdmissionChain } from '../admission/chain.js';
import { ADMINISTRATOR } from '../authorization/user.js';
import type { FieldManager } from '../managed-fields/field-manager.js';
import type { Random } from './metadata.js';

export interface Registry {
  readonly store: Store;
  /** The trusted door, for strategies and admission plugins. */
  readonly api: Api;
  readonly admission: AdmissionChain;
  readonly fieldManager: FieldManager;
  readonly outside: Outside;
  now(): Time;
  readonly random: Random;
  /** `now` as metadata has it. */
  timestamp(): string;
  /** What components have sent to be created under generated names and was found valid, with its defaults: sent again, it is not judged again. */
  readonly judged: WeakMap<KubeObject, KubeObject>;
}

/** How a write reached the server. */
export interface WriteCall {
  readonly options: WriteOptions;
  /**
   * By a component of ours, through the in-process Api: the object comes from code that has the types and starts from what is
   * stored, so it is neither decoded nor (on update) validated again. Pods are made and changed by the ten thousand this way.
   */
  readonly trusted: boolean;
  /** The object was made by patching what is stored. */
  readonly patch?: boolean;
  /** By server-side apply: the field manager has done its part. */
  readonly applied?: boolean;
}

/** A kind with its id at hand. */
export interface Entry {
  readonly id: ResourceId;
  readonly resource: AnyResource;
}

export function prepareContext(registry: Registry, options: WriteOptions): PrepareContext {
  return { api: registry.api, now: registry.now(), random: registry.random, dryRun: options.dryRun === true, user: options.user ?? ADMINISTRATOR };
}

export type StoredObject = KubeObject & { readonly status?: unknown };
