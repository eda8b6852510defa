import { journalContract } from '../contract/journal.contract.js';
import { recordsContract } from '../contract/records.contract.js';
import { snapshotStoreContract } from '../contract/snapshot-store.contract.js';
import { MemoryJournal, type MemoryLogs } from './memory-journal.js';
import { MemoryRecords, type MemoryRows } from './memory-records.js';
import { MemorySnapshotStore, type MemorySnapshots } from './memory-snapshot-store.js';

journalContract('memory', async () => {
  const logs: MemoryLogs = new Map();
  return { journal: new MemoryJournal(logs), reopen: async () => new MemoryJournal(logs), dispose: async () => undefined };
});

snapshotStoreContract('memory', async () => {
  const shards: MemorySnapshots = new Map();
  return { store: new MemorySnapshotStore(shards), reopen: async () => new MemorySnapshotStore(shards), dispose: async () => undefined };
});

recordsContract('memory', async () => {
  const rows: MemoryRows = new Map();
  let time = 0;
  const open = () => new MemoryRecords(() => time, rows);
  return {
    records: open(),
    setTime: (ms) => {
      time = ms;
    },
    sweep: async () => undefined,
    reopen: async () => open(),
    dispose: async () => undefined,
  };
});
