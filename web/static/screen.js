/* The hall's screen. ES5 for browsers of 2016. It turns the pages of the last round it was given whatever the network does,
   says how old they are, and never navigates unless the server has just answered. */
(function (doc, win) {
  'use strict';
  var TURN = 12000, FEED = 30000, CALLS = 1000, SLOW = 3000, OLD = 60, BANNER = 15, CALLED = 600, NIGHT = 3;
  var body = doc.body, errors = 0;
  var skew = 0;      // server's clock minus this one, in ms
  var lastGood = 0;  // when the server last answered, by our corrected clock
  var loaded = 0;    // when this page was loaded, by the corrected clock
  var made = '';     // the time the shown round was made, HH:MM
  var feedTag = '', callsTag = '', feeding = false, calling = false;
  var jobAt = -1, infoAt = -1, jobsShown = 0, turns = 0, calls = [];

  win.onerror = function () { errors += 1; body.setAttribute('data-errors', String(errors)); };

  function el(id) { return doc.getElementById(id); }
  function two(n) { return (n < 10 ? '0' : '') + n; }
  function now() { return Date.now() + skew; }
  // The wall in China, whatever the television believes: read with the getUTC… functions.
  function wall(ms) { return new Date(ms + 8 * 3600000); }
  function dayNumber(ms) { return Math.floor((ms + 8 * 3600000) / 86400000); }
  function clockText(ms) { var d = wall(ms); return two(d.getUTCHours()) + ':' + two(d.getUTCMinutes()); }

  function ask(method, url, tag, sent, then) {
    var xhr = new XMLHttpRequest(), over = false;
    function finish(status) { if (!over) { over = true; then(status, xhr); } }
    xhr.open(method, url, true);
    xhr.timeout = method === 'GET' && /json$/.test(url) ? 5000 : 15000;
    if (tag) { xhr.setRequestHeader('If-None-Match', tag); }
    if (sent) { xhr.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded'); }
    xhr.onload = function () { finish(xhr.status); };
    xhr.onerror = xhr.ontimeout = xhr.onabort = function () { finish(0); };
    try { xhr.send(sent || null); } catch (e) { finish(0); }
  }
  function setClock(xhr) {
    var there = Number(xhr.getResponseHeader('x-now'));
    if (there > 0) { skew = there - Date.now(); }
    lastGood = now();
  }
  function unpaired(status, xhr) { return status === 404 && xhr.responseText === '{"paired":0}'; }

  /* ---- the pairing page: asks for a code, waits, and goes on when a manager typed it ---- */
  function pairing() {
    var form = doc.querySelector('form'), asks = 0, since = Date.now(), base = '/screen/' + body.getAttribute('data-code');
    function token() { return 'csrf_token=' + encodeURIComponent(form.querySelector('[name=csrf_token]').value); }
    function another() {
      ask('POST', base + '/pairing', '', token(), function (status) {
        if (status === 200) { win.location.reload(); }
      });
    }
    try { asks = Number(win.sessionStorage.getItem('asks') || 0); } catch (e) { asks = 99; }
    function askAgain() {
      if (asks >= 24) { return; }  // four hours: then somebody presses the button
      asks += 1;
      try { win.sessionStorage.setItem('asks', String(asks)); } catch (e) { asks = 99; }
      another();
    }
    if (body.getAttribute('data-pairing') === 'wanted') { askAgain(); }
    win.setInterval(function () {
      ask('GET', base + '/calls.json', '', '', function (status) {
        if (status === 200) { win.location.reload(); return; }
        if (status === 404 && Date.now() - since > 600000) { since = Date.now(); askAgain(); }
      });
    }, SLOW);
  }

  /* ---- the pages ---- */
  function pages(kind) { return doc.querySelectorAll('#feed .pg.' + kind); }
  function dropOver() {
    var rows = doc.querySelectorAll('#feed li[data-until]'), second = now() / 1000, i, page, days, ahead, label;
    for (i = 0; i < rows.length; i += 1) {
      if (Number(rows[i].getAttribute('data-until')) <= second) {
        page = rows[i].parentNode;
        page.removeChild(rows[i]);
        if (!page.children.length) { page.parentNode.parentNode.removeChild(page.parentNode); }
      }
    }
    days = doc.querySelectorAll('#feed [data-day]');
    for (i = 0; i < days.length; i += 1) {
      label = days[i].getAttribute('data-day');
      if (label) {
        ahead = dayNumber(Date.parse(label + 'T00:00:00+08:00')) - dayNumber(now());
        days[i].textContent = ahead <= 0 ? '今天' : ahead === 1 ? '明天' : ahead === 2 ? '后天' : days[i].getAttribute('data-label');
      }
    }
  }
  function show(page) {
    var on = doc.querySelectorAll('#feed .pg.on'), i, bar = el('bar');
    for (i = 0; i < on.length; i += 1) { on[i].classList.remove('on'); }
    if (page) { page.classList.add('on'); }
    el('title-text').textContent = page ? page.getAttribute('data-title') : '';
    el('title-part').textContent = page ? page.getAttribute('data-part') : '';
    bar.classList.remove('run');
    bar.getBoundingClientRect();  // or the browser would see no change and draw no progress
    bar.classList.add('run');
  }
  // Two pages of posts, then one of the others: whoever looks for work never waits long.
  function turn() {
    var jobs, info;
    dropOver();
    jobs = pages('job');
    info = pages('info');
    if (info.length && (!jobs.length || jobsShown >= 2)) {
      jobsShown = 0;
      infoAt = (infoAt + 1) % info.length;
      show(info[infoAt]);
    } else if (jobs.length) {
      jobsShown += 1;
      jobAt = (jobAt + 1) % jobs.length;
      show(jobs[jobAt]);
    }
    turns += 1;
    // Against burn-in the whole picture moves by up to two pixels.
    el('stage').style.transform = 'translate(' + (turns % 5 - 2) + 'px,' + (Math.floor(turns / 5) % 5 - 2) + 'px)';
    body.setAttribute('data-turns', String(turns));
  }
  function isOpen() {
    var times = el('feed').getAttribute('data-open'), each, i, second = now() / 1000;
    if (!times) { return true; }
    each = times.split(',');
    for (i = 0; i < each.length; i += 1) {
      if (second >= Number(each[i].split('-')[0]) && second < Number(each[i].split('-')[1])) { return true; }
    }
    return false;
  }

  /* ---- once a second: clock, age, dark, calls ---- */
  function tick() {
    var wallNow = wall(now()), minutes = Math.floor((now() - lastGood) / 60000), offline = now() - lastGood >= OLD * 1000, state = el('state');
    el('clock-day').textContent = (wallNow.getUTCMonth() + 1) + '月' + wallNow.getUTCDate() + '日';
    el('clock-time').textContent = two(wallNow.getUTCHours()) + ':' + two(wallNow.getUTCMinutes());
    body.className = offline ? 'offline' : '';
    state.textContent = offline ? '网络断开 ' + minutes + ' 分钟，显示的是 ' + clockText(lastGood) + ' 的信息' : '更新 ' + made;
    drawCalls();
    el('dark').hidden = isOpen() || calls.length > 0;
  }
  function line(tag, parts) {
    var item = doc.createElement(tag), i, part;
    for (i = 0; i < parts.length; i += 1) {
      part = doc.createElement(parts[i][0]);
      part.textContent = parts[i][1];
      item.appendChild(part);
    }
    return item;
  }
  function drawCalls() {
    var second = now() / 1000, kept = [], fresh = [], i, list = el('calls'), banner = el('banner'), mark, p;
    for (i = 0; i < calls.length; i += 1) {
      if (second - calls[i][3] < CALLED) { kept.push(calls[i]); }
      if (second - calls[i][3] < BANNER) { fresh.push(calls[i]); }
    }
    calls = kept;
    mark = JSON.stringify(kept);
    if (list.getAttribute('data-mark') !== mark) {
      list.setAttribute('data-mark', mark);
      list.textContent = '';
      for (i = 0; i < kept.length; i += 1) { list.appendChild(line('li', [['b', kept[i][0]], ['span', kept[i][1]], ['small', kept[i][2]]])); }
      el('no-calls').hidden = el('rule').hidden = kept.length > 0;
    }
    mark = JSON.stringify(fresh);
    if (banner.getAttribute('data-mark') !== mark) {
      banner.setAttribute('data-mark', mark);
      if (fresh.length) {
        banner.textContent = '';
        for (i = 0; i < fresh.length; i += 1) {
          p = line('p', [['span', '请'], ['b', fresh[i][0]], ['span', '号到' + fresh[i][1]], ['small', fresh[i][2]]]);
          banner.appendChild(p);
        }
      }
      banner.className = fresh.length ? 'on' : '';
    }
  }

  /* ---- the server ---- */
  function feed() {
    if (feeding) { return; }
    feeding = true;
    ask('GET', '/screen/' + body.getAttribute('data-code') + '/feed', feedTag, '', function (status, xhr) {
      var holder, fresh, wasTag, night = wall(now());
      feeding = false;
      if (unpaired(status, xhr)) { win.location.reload(); return; }
      if (status !== 200 && status !== 304) { return; }
      wasTag = feedTag;
      if (status === 200) {
        holder = doc.createElement('div');
        holder.innerHTML = xhr.responseText;
        fresh = holder.querySelector('#feed');
        if (!fresh) { return; }  // somebody else's page: a sign-in of the hall's network
        feedTag = xhr.getResponseHeader('etag') || '';
      }
      setClock(xhr);
      if (fresh && fresh.getAttribute('data-version') !== body.getAttribute('data-version')) { win.location.reload(); return; }
      if (night.getUTCHours() === NIGHT && dayNumber(loaded) !== dayNumber(now())) { win.location.reload(); return; }
      if (fresh) {
        replace(fresh, wasTag === '');
      }
      made = clockText(now());
    });
  }
  function replace(fresh, first) {
    var on = doc.querySelector('#feed .pg.on'), was = on ? on.getAttribute('data-title') + on.getAttribute('data-part') : '', all, i, found = null;
    el('round').textContent = '';
    el('round').appendChild(fresh);
    dropOver();
    all = doc.querySelectorAll('#feed .pg');
    for (i = 0; i < all.length; i += 1) {
      if (all[i].getAttribute('data-title') + all[i].getAttribute('data-part') === was) { found = found || all[i]; }
    }
    if (found) { found.classList.add('on'); } else if (!first || !was) { turn(); }
    body.setAttribute('data-fed', String(Number(body.getAttribute('data-fed') || 0) + 1));
  }
  function askCalls() {
    if (calling) { return; }
    calling = true;
    ask('GET', '/screen/' + body.getAttribute('data-code') + '/calls.json', callsTag, '', function (status, xhr) {
      var said = null;
      if (unpaired(status, xhr)) { win.location.reload(); return; }
      if (status === 200) {
        try { said = JSON.parse(xhr.responseText).calls; } catch (e) { said = null; }
        if (said) { calls = said; callsTag = xhr.getResponseHeader('etag') || ''; }
      }
      if (said || status === 304) { setClock(xhr); drawCalls(); }
      win.setTimeout(function () { calling = false; }, said || status === 304 ? 0 : SLOW);
    });
  }

  function screen() {
    skew = Number(body.getAttribute('data-now')) - Date.now();
    loaded = lastGood = now();
    made = clockText(loaded);
    turn();
    tick();
    feed();
    askCalls();
    win.setInterval(tick, 1000);
    win.setInterval(turn, TURN);
    win.setInterval(feed, FEED);
    win.setInterval(askCalls, CALLS);
  }

  if (body.getAttribute('data-pairing')) { pairing(); } else { screen(); }
}(document, window));
