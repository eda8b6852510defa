import { journalContract } from '../contract/journal.contract.js';
import { recordsContract } from '../contract/records.contract.js';
import { snapshotStoreContract } from '../contract/snapshot-store.contract.js';
import { LmdbFolder } from './lmdb-folder.js';

journalContract('lmdb', async () => {
  const folder = new LmdbFolder();
  const { journal } = await folder.open();
  return { journal, reopen: async () => (await folder.reopen()).journal, dispose: () => folder.dispose() };
});

snapshotStoreContract('lmdb', async () => {
  const folder = new LmdbFolder();
  const { snapshots } = await folder.open();
  return { store: snapshots, reopen: async () => (await folder.reopen()).snapshots, dispose: () => folder.dispose() };
});

recordsContract('lmdb', async () => {
  const folder = new LmdbFolder();
  const { records } = await folder.open();
  return {
    records,
    setTime: (ms) => {
      folder.wall = ms;
    },
    // The timer is set again when the round of housekeeping is over.
    sweep: async () => {
      folder.fire();
      while (folder.due.size === 0) await new Promise((resolve) => setImmediate(resolve));
    },
    reopen: async () => (await folder.reopen()).records,
    dispose: () => folder.dispose(),
  };
});
