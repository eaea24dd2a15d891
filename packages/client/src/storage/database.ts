// IndexedDB with promises, as much of it as a storage needs: opening, requests, the end of a transaction. Errors are the browser's own. Not a
// concern here: what is stored (indexeddb.ts).

/** What a request gives. */
export async function answerTo<T>(request: IDBRequest<T>): Promise<T> {
  return await new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves when a transaction is complete; rejects when it was aborted, by itself (a request that failed) or by its owner. */
export async function endOf(transaction: IDBTransaction): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("the transaction was aborted", "AbortError"));
  });
}

/** The database `name`, with `stores` made on first use. `gone`: the browser has closed it, or somebody wants to upgrade or delete it. */
export async function openDatabase(name: string, version: number, stores: readonly string[], gone: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => stores.forEach((store) => request.result.createObjectStore(store));
  const database = await answerTo(request);
  database.onclose = gone;
  // A newer version of the application in another tab, or an erasure: get out of its way.
  database.onversionchange = () => {
    gone();
    database.close();
  };
  return database;
}
