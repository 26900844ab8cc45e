// Shows one slide at a time. Without this file a deck is a long page.
(function () {
  'use strict';
  var slides = Array.prototype.slice.call(document.querySelectorAll('.slide'));
  var at = 0;
  var counter = document.getElementById('at');
  var notes = document.getElementById('notes');

  function show(n) {
    at = Math.max(0, Math.min(slides.length - 1, n));
    slides.forEach(function (s, i) { s.classList.toggle('now', i === at); });
    counter.textContent = (at + 1) + ' / ' + slides.length;
    document.getElementById('back').disabled = at === 0;
    document.getElementById('next').disabled = at === slides.length - 1;
    notes.hidden = !slides[at].querySelector('.notes');
    window.scrollTo(0, 0);
  }

  function go(n) {
    show(n);
    if (location.hash.slice(1) !== slides[at].id) location.replace('#' + slides[at].id);
    slides[at].focus({ preventScroll: true });
  }

  function fromAddress() {
    var n = slides.findIndex(function (s) { return '#' + s.id === location.hash; });
    show(n < 0 ? at : n);
  }

  var keys = {
    ArrowRight: 1, ArrowDown: 1, PageDown: 1, ' ': 1,
    ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -Infinity, End: Infinity
  };

  document.addEventListener('keydown', function (e) {
    if (e.ctrlKey || e.altKey || e.metaKey || !(e.key in keys)) return;
    if (e.key === ' ' && e.target.closest('a, button')) return;
    if (document.documentElement.classList.contains('reading') && /Arrow(Up|Down)/.test(e.key)) return;
    e.preventDefault();
    go(at + (e.key === ' ' && e.shiftKey ? -1 : keys[e.key]));
  });

  var x = 0, y = 0;
  document.addEventListener('touchstart', function (e) {
    x = e.changedTouches[0].clientX;
    y = e.changedTouches[0].clientY;
  }, { passive: true });
  document.addEventListener('touchend', function (e) {
    var dx = e.changedTouches[0].clientX - x;
    if (Math.abs(dx) > 50 && Math.abs(dx) > 2 * Math.abs(e.changedTouches[0].clientY - y)) go(at + (dx < 0 ? 1 : -1));
  }, { passive: true });

  document.getElementById('back').addEventListener('click', function () { go(at - 1); });
  document.getElementById('next').addEventListener('click', function () { go(at + 1); });
  notes.addEventListener('click', function () {
    var on = document.documentElement.classList.toggle('reading');
    notes.setAttribute('aria-pressed', String(on));
  });
  window.addEventListener('hashchange', fromAddress);

  document.documentElement.classList.add('one');
  document.querySelector('.moves').hidden = false;
  fromAddress();
})();
