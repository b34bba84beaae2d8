/** What reading a cluster takes: the views of the kinds and the API server's read side. Light, for every `get`. */
import { once } from '../api/once.js';
import { createApiServer } from '../apiserver/rest.js';
import { views } from '../resources/views.js';
import type { Saved } from '../store/backend/backend.js';
import { readSchemas } from './assets.js';
import { Cluster, type EmptyCluster, type MakeReader } from './cluster.js';
import { versionInfo } from './profile.js';

const makeReader: MakeReader = ({ store, state, now, profile, counts }) =>
  createApiServer({ store, views, state, now, counts, schemas: once(readSchemas), version: versionInfo(profile) });

export const openSaved = (saved: Saved): Cluster => Cluster.open(saved, views, makeReader);
export const emptyCluster = (options: EmptyCluster): Cluster => Cluster.create(options, views, makeReader);
