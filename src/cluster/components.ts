/** Everything that acts, put together: the API's write side, controllers, scheduler, kubelets. Loaded only when something must act. */
import type { KubeObject } from '../api/object.js';
import { apiVersionOf, resourceId } from '../api/resource.js';
import type { FieldManager } from '../apiserver/managed-fields/field-manager.js';
import { Writer } from '../apiserver/rest/write.js';
import { createApiServer } from '../apiserver/rest.js';
import { createVerbs } from '../apiserver/verbs.js';
import { recordEvent } from '../controllers/recorder.js';
import { resources } from '../resources/index.js';
import { views } from '../resources/views.js';
import type { Components, MakeComponents, Parts } from './cluster.js';
import { createFixtures, type Fixtures } from './fixtures.js';
import { versionInfo } from './profile.js';

export const hasResource = (resource: string): boolean => resources.some(({ names }) => resourceId(names) === resource);
/** Under which name objects of this kind are stored. */
export const resourceOf = (object: KubeObject): string | undefined => {
  const found = resources.find(({ names }) => names.kind === object.kind && apiVersionOf(names) === object.apiVersion);
  return found === undefined ? undefined : (found.storedAs?.resource ?? resourceId(found.names));
};

export const makeComponents =
  (fixtures: Fixtures = createFixtures()): MakeComponents =>
  (parts) =>
    assemble(parts, fixtures);

function assemble(parts: Parts, fixtures: Fixtures): Components {
  const { store, state, now, random } = parts;
  const schemas = () => fixtures.schemas();
  const verbs = createVerbs({ store, resources, schemas, fieldManager: unmanaged, now, random });
  const side = { resources, verbs, schemas };
  const server = createApiServer({
    store,
    views,
    state,
    now,
    nodes: () => undefined,
    version: versionInfo(parts.profile),
    writes: {
      side,
      writer: new Writer({ store, state, now }, side),
      sessions: {
        start: () => {
          throw new Error('not yet');
        },
        poll: () => ({ chunks: [] }),
        send: () => ({ chunks: [] }),
        end: () => {},
        openapi: () => undefined,
      },
    },
  });
  const controllers = resources.flatMap((resource) => resource.controllers ?? []);
  return {
    api: verbs.components,
    server,
    record: (from, on, type, reason, message, options) =>
      recordEvent({ api: from.api, state, now: from.now }, from.reconciler, on, type, reason, message, options),
    reconcilers: () => controllers,
  };
}

/** Until somebody keeps managedFields. */
const unmanaged: FieldManager = { created: (_, object) => object, updated: (_, __, object) => object, applied: (_, base) => base };
