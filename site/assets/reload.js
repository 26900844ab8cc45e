// Loads the page again when the preview has been built anew.
(function () {
  'use strict';
  if (!window.EventSource || location.protocol === 'file:') return;
  new EventSource('/_reload').addEventListener('reload', function () { location.reload(); });
})();
