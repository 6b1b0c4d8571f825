/**
 * Lets the browser keep the page for times without a network, once everything that is seen has been loaded.
 * Nothing depends on it: where it is refused, the page works as long as there is a network.
 */

const AFTER_MS = 2500;

export function keepOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const register = () => void navigator.serviceWorker.register(new URL('sw.js', document.baseURI)).catch(() => undefined);
  setTimeout(register, AFTER_MS);
}
