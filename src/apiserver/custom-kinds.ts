/** Kinds that come and go with CustomResourceDefinitions: which there are now. Nothing is asked or loaded while there is no definition. */
import type { AnyResource, Schemas } from '../api/resource.js';
import type { Store } from '../store/store.js';

export const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

export interface CustomKinds {
  /** Of each definition the version that is stored and all that are served. */
  readonly resources: readonly AnyResource[];
  readonly schemas: Schemas;
}

const NONE: CustomKinds = { resources: [], schemas: {} };

/** Made anew by `make` when a definition has changed. */
export function customKindsOf(store: Store, make: (definitions: ReturnType<Store['list']>) => CustomKinds): () => CustomKinds {
  let last: { readonly versions: string; readonly kinds: CustomKinds } | undefined;
  return () => {
    if (store.count(DEFINITIONS) === 0) return NONE;
    const definitions = store.list(DEFINITIONS);
    const versions = definitions.map(({ metadata }) => `${metadata.name}/${metadata.resourceVersion}`).join();
    if (last?.versions !== versions) last = { versions, kinds: make(definitions) };
    return last.kinds;
  };
}
