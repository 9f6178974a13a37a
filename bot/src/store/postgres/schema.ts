/** Tables of the store; the same columns as SQLite's, so that `migrate:to-postgres` copies rows. Times are epoch milliseconds of the callers. */
const tables = `
  CREATE TABLE mentions (
    seq bigserial PRIMARY KEY,
    key text NOT NULL UNIQUE,
    lane text NOT NULL,
    stored_at bigint NOT NULL,
    mention text NOT NULL,
    outcome text,
    run text,
    why text,
    read_at bigint
  );
  CREATE INDEX mentions_unread ON mentions (lane, seq) WHERE outcome IS NULL;
  CREATE INDEX mentions_read_at ON mentions (read_at) WHERE read_at IS NOT NULL;
  CREATE TABLE lanes (
    key text PRIMARY KEY,
    run text,
    notes text NOT NULL DEFAULT '{}',
    wake_at bigint,
    nudged_at bigint,
    due_at bigint,
    lease text,
    lease_until bigint,
    attempt integer NOT NULL DEFAULT 0,
    touched_at bigint NOT NULL DEFAULT 0
  ) WITH (fillfactor = 70);
  CREATE INDEX lanes_due ON lanes (due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE aliases (place text PRIMARY KEY, lane text NOT NULL);
  CREATE INDEX aliases_lane ON aliases (lane);
  CREATE TABLE runs (
    id text PRIMARY KEY,
    run text NOT NULL,
    state text NOT NULL,
    platform text NOT NULL,
    place text NOT NULL,
    asker text NOT NULL,
    queued_at bigint NOT NULL,
    ended_at bigint
  ) WITH (fillfactor = 70);
  CREATE INDEX runs_newest ON runs (queued_at, id);
  CREATE INDEX runs_state ON runs (state, queued_at);
  CREATE INDEX runs_place ON runs (place, queued_at);
  CREATE INDEX runs_asker ON runs (asker, queued_at);
  CREATE INDEX runs_ended ON runs (ended_at) WHERE ended_at IS NOT NULL;
  CREATE TABLE slots (
    run text PRIMARY KEY,
    lane text NOT NULL,
    person text NOT NULL,
    workspace text NOT NULL,
    queued_at bigint NOT NULL,
    live boolean NOT NULL DEFAULT false
  );
  CREATE INDEX slots_workspace ON slots (workspace, live, queued_at);
  CREATE INDEX slots_person ON slots (person, workspace, live);
  CREATE TABLE notes (key text PRIMARY KEY, value text NOT NULL);
`;

/**
 * What must happen together happens in one call. `pg_advisory_xact_lock(8101)` orders joining places with storing mentions: storing takes it shared,
 * joining alone, so that no mention lands on a lane that is just given up.
 */
const functions = `
  CREATE FUNCTION nudge(p_lane text, p_at bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO lanes (key, nudged_at, due_at, touched_at) VALUES (p_lane, p_at, p_at, p_at)
    ON CONFLICT (key) DO UPDATE SET
      nudged_at = least(coalesce(lanes.nudged_at, p_at), p_at),
      due_at = CASE WHEN lanes.lease IS NULL THEN least(coalesce(lanes.due_at, p_at), p_at) ELSE lanes.due_at END
  $$;

  CREATE FUNCTION accept_new(p_keys text[], p_places text[], p_mentions text[], p_now bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
  DECLARE v_lanes text[]; v_keys text[]; v_lane text;
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(8101);
    WITH incoming AS (
      SELECT i.key, coalesce(a.lane, i.place) AS lane, i.mention, i.n
      FROM unnest(p_keys, p_places, p_mentions) WITH ORDINALITY AS i(key, place, mention, n) LEFT JOIN aliases a ON a.place = i.place
    ), added AS (
      INSERT INTO mentions (key, lane, stored_at, mention) SELECT key, lane, p_now, mention FROM incoming ORDER BY n
      ON CONFLICT (key) DO NOTHING RETURNING key, lane
    ) SELECT array_agg(key), array_agg(DISTINCT lane ORDER BY lane) INTO v_keys, v_lanes FROM added;
    IF v_keys IS NULL THEN RETURN; END IF;
    FOREACH v_lane IN ARRAY v_lanes LOOP PERFORM nudge(v_lane, p_now); END LOOP;
    RETURN QUERY SELECT unnest(v_keys);
  END $$;

  CREATE FUNCTION accept_change(p_key text, p_place text, p_mention text, p_withdraw boolean, p_now bigint) RETURNS text LANGUAGE plpgsql AS $$
  DECLARE v_row record;
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(8101);
    SELECT lane, outcome INTO v_row FROM mentions WHERE key = p_key FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO mentions (key, lane, stored_at, mention, outcome, read_at)
      SELECT p_key, coalesce((SELECT lane FROM aliases WHERE place = p_place), p_place), p_now, p_mention,
        CASE WHEN p_withdraw THEN 'withdrawn' END, CASE WHEN p_withdraw THEN p_now END
      ON CONFLICT (key) DO NOTHING;
      IF NOT FOUND THEN RETURN accept_change(p_key, p_place, p_mention, p_withdraw, p_now); END IF;
      IF p_withdraw THEN RETURN 'withdrawn'; END IF;
      PERFORM nudge(lane, p_now) FROM mentions WHERE key = p_key;
      RETURN 'new';
    END IF;
    IF v_row.outcome IS NOT NULL THEN RETURN 'known'; END IF;
    IF p_withdraw THEN UPDATE mentions SET outcome = 'withdrawn', read_at = p_now WHERE key = p_key;
    ELSE UPDATE mentions SET mention = p_mention WHERE key = p_key; END IF;
    PERFORM nudge(v_row.lane, p_now);
    RETURN CASE WHEN p_withdraw THEN 'withdrawn' ELSE 'replaced' END;
  END $$;

  CREATE FUNCTION claim(p_lease text, p_until bigint, p_now bigint)
  RETURNS TABLE (lane text, abandoned_at bigint, attempt integer, run text, notes text) LANGUAGE plpgsql AS $$
  DECLARE v_old record;
  BEGIN
    SELECT l.key, l.lease, l.lease_until, l.attempt, l.run, l.notes INTO v_old FROM lanes l
    WHERE l.due_at <= p_now ORDER BY l.due_at LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN; END IF;
    UPDATE lanes SET lease = p_lease, lease_until = p_until, due_at = p_until, nudged_at = NULL, attempt = lanes.attempt + 1 WHERE key = v_old.key;
    RETURN QUERY SELECT v_old.key, CASE WHEN v_old.lease IS NULL THEN NULL ELSE v_old.lease_until END, v_old.attempt + 1,
      (SELECT r.run FROM runs r WHERE r.id = v_old.run), v_old.notes;
  END $$;

  CREATE FUNCTION release(p_run text, p_now bigint) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE v_workspace text;
  BEGIN
    DELETE FROM slots WHERE run = p_run RETURNING workspace INTO v_workspace;
    IF NOT FOUND THEN RETURN; END IF;
    -- In the order of their keys, so that two that end at once cannot wait for each other.
    PERFORM nudge(w.lane, p_now) FROM (
      SELECT lane FROM (SELECT lane FROM slots WHERE workspace = v_workspace AND NOT live ORDER BY queued_at, run LIMIT 25) first ORDER BY lane
    ) w;
  END $$;

  CREATE FUNCTION join_place(p_place text, p_lane text, p_now bigint) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE v_other record; v_moved integer;
  BEGIN
    PERFORM pg_advisory_xact_lock(8101);
    IF p_place = p_lane OR EXISTS (SELECT 1 FROM aliases WHERE place = p_place) THEN RETURN; END IF;
    SELECT l.lease, r.state INTO v_other FROM lanes l LEFT JOIN runs r ON r.id = l.run WHERE l.key = p_place FOR UPDATE OF l;
    -- A place where work of its own goes on keeps its lane: two live runs cannot share one.
    IF FOUND AND (v_other.lease IS NOT NULL OR coalesce(v_other.state, 'done') NOT IN ('done', 'failed', 'stopped')) THEN RETURN; END IF;
    UPDATE mentions SET lane = p_lane WHERE lane = p_place AND outcome IS NULL;
    GET DIAGNOSTICS v_moved = ROW_COUNT;
    IF v_moved > 0 THEN PERFORM nudge(p_lane, p_now); END IF;
    UPDATE aliases SET lane = p_lane WHERE lane = p_place;
    DELETE FROM lanes WHERE key = p_place;
    INSERT INTO aliases (place, lane) VALUES (p_place, p_lane) ON CONFLICT (place) DO NOTHING;
  END $$;

  CREATE FUNCTION put_run(p jsonb) RETURNS void LANGUAGE sql AS $$
    INSERT INTO runs (id, run, state, platform, place, asker, queued_at, ended_at)
    VALUES (p->>'id', p->>'run', p->>'state', p->>'platform', p->>'place', p->>'asker', (p->>'queuedAt')::bigint, (p->>'endedAt')::bigint)
    ON CONFLICT (id) DO UPDATE SET run = excluded.run, state = excluded.state, ended_at = excluded.ended_at
  $$;

  CREATE FUNCTION settle(p jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE v_lane text := p->>'lane'; v_now bigint := (p->>'now')::bigint; v_wake bigint := (p->>'wakeAt')::bigint; v_join text;
  BEGIN
    -- The lock that joining needs comes before the lane's row, as everywhere.
    IF jsonb_array_length(p->'joins') > 0 THEN PERFORM pg_advisory_xact_lock(8101); END IF;
    PERFORM 1 FROM lanes WHERE key = v_lane AND lease = p->>'lease' FOR UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM put_run(o) FROM jsonb_array_elements(p->'others') o;
    IF p ? 'run' THEN
      PERFORM put_run(p->'run');
      UPDATE lanes SET run = p->'run'->>'id' WHERE key = v_lane;
      IF (p->'run'->>'over')::boolean THEN PERFORM release(p->'run'->>'id', v_now); END IF;
    END IF;
    UPDATE mentions m SET outcome = r->>'outcome', run = r->>'run', why = r->>'why', read_at = v_now
    FROM jsonb_array_elements(p->'read') r WHERE m.seq = (r->>'seq')::bigint AND m.lane = v_lane AND m.outcome IS NULL;
    IF p ? 'notes' THEN UPDATE lanes SET notes = p->>'notes' WHERE key = v_lane; END IF;
    FOR v_join IN SELECT jsonb_array_elements_text(p->'joins') LOOP PERFORM join_place(v_join, v_lane, v_now); END LOOP;
    IF NOT (p->>'keep')::boolean THEN
      UPDATE lanes SET lease = NULL, lease_until = NULL, attempt = 0, wake_at = v_wake, touched_at = v_now,
        due_at = CASE WHEN nudged_at IS NULL THEN v_wake WHEN v_wake IS NULL THEN nudged_at ELSE least(nudged_at, v_wake) END
      WHERE key = v_lane;
    END IF;
    RETURN true;
  END $$;

  CREATE FUNCTION admit(p jsonb) RETURNS integer LANGUAGE plpgsql AS $$
  DECLARE
    v_run text := p->>'run'; v_person text := p->>'person'; v_workspace text := p->>'workspace'; v_queued bigint := (p->>'queuedAt')::bigint;
    v_per_person integer := coalesce((p->>'perPerson')::integer, 2147483647); v_per_workspace integer := coalesce((p->>'perWorkspace')::integer, 2147483647);
    v_one record; v_own integer := 0; v_all integer := 0; v_able bigint := 0; v_live boolean; v_person_live integer; v_workspace_live integer;
  BEGIN
    PERFORM pg_advisory_xact_lock(8102, hashtext(v_workspace));
    SELECT live INTO v_live FROM slots WHERE run = v_run;
    IF v_live THEN RETURN 0; END IF;
    IF NOT FOUND THEN
      INSERT INTO slots (run, lane, person, workspace, queued_at)
      VALUES (v_run, coalesce((SELECT lane FROM aliases WHERE place = p->>'place'), p->>'place'), v_person, v_workspace, v_queued);
    END IF;
    FOR v_one IN
      SELECT s.person, count(*)::integer AS n,
        (SELECT count(*)::integer FROM slots l WHERE l.person = s.person AND l.workspace = v_workspace AND l.live) AS live
      FROM slots s WHERE s.workspace = v_workspace AND NOT s.live AND (s.queued_at, s.run) < (v_queued, v_run) GROUP BY s.person
    LOOP
      v_all := v_all + v_one.n;
      IF v_one.person = v_person THEN v_own := v_one.n; END IF;
      v_able := v_able + least(v_one.n, greatest(0, v_per_person - v_one.live));
    END LOOP;
    SELECT count(*) INTO v_person_live FROM slots WHERE person = v_person AND workspace = v_workspace AND live;
    SELECT count(*) INTO v_workspace_live FROM slots WHERE workspace = v_workspace AND live;
    IF v_person_live + v_own < v_per_person AND v_workspace_live + v_able < v_per_workspace THEN
      UPDATE slots SET live = true WHERE run = v_run;
      RETURN 0;
    END IF;
    RETURN 1 + CASE WHEN v_workspace_live + v_able >= v_per_workspace THEN v_all ELSE v_own END;
  END $$;
`;

/** People, connections and settings beside the work: small documents, all of them in the memory of every process. `n` keeps the order of their first storing. */
const documents = `
  CREATE TABLE documents (
    collection text NOT NULL,
    id text NOT NULL,
    version integer NOT NULL,
    value text NOT NULL,
    n bigserial,
    PRIMARY KEY (collection, id)
  );
`;

/** Audit log of all processes: one line per entry, each with the hash of the line before. */
const audit = "CREATE TABLE audit (seq bigint PRIMARY KEY, line text NOT NULL);";

/** Stands between the mentions of a batch: JSON writes no control character as it is. An array of PostgreSQL would have every quotation mark escaped, and taken apart again. */
export const betweenMentions = "\u0001";

/** As `accept_new`, which processes of the release before still call: one statement for all lanes of a batch, and no new row version for a lane that is due already. */
const acceptBatch = `
  CREATE FUNCTION accept_batch(p_keys text[], p_places text[], p_mentions text, p_now bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(8101);
    RETURN QUERY WITH incoming AS (
      SELECT i.key, coalesce(a.lane, i.place) AS lane, i.mention, i.n
      FROM unnest(p_keys, p_places, string_to_array(p_mentions, E'\\x01')) WITH ORDINALITY AS i(key, place, mention, n)
      LEFT JOIN aliases a ON a.place = i.place
    ), added AS (
      INSERT INTO mentions (key, lane, stored_at, mention) SELECT i.key, i.lane, p_now, i.mention FROM incoming i ORDER BY i.n
      ON CONFLICT (key) DO NOTHING RETURNING mentions.key, mentions.lane
    ), nudged AS (
      -- In the order of their keys, so that two batches cannot wait for each other. A row that stays as it is is locked nevertheless: whoever claims it now is waited for.
      INSERT INTO lanes (key, nudged_at, due_at, touched_at) SELECT DISTINCT a.lane, p_now, p_now, p_now FROM added a ORDER BY a.lane
      ON CONFLICT (key) DO UPDATE SET
        nudged_at = least(coalesce(lanes.nudged_at, p_now), p_now),
        due_at = CASE WHEN lanes.lease IS NULL THEN least(coalesce(lanes.due_at, p_now), p_now) ELSE lanes.due_at END
      WHERE lanes.nudged_at IS NULL OR lanes.nudged_at > p_now OR (lanes.lease IS NULL AND (lanes.due_at IS NULL OR lanes.due_at > p_now))
    ) SELECT a.key FROM added a;
  END $$;
`;

export const migrations: readonly string[] = [tables + functions + documents, audit, acceptBatch];
