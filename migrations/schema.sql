-- The whole schema as the numbered files leave it. Written by: make schema

CREATE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

CREATE FUNCTION within_hours(t timestamp with time zone, zone text, from_hour integer, to_hour integer) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
    select case
        when from_hour is null then t
        when extract(hour from t at time zone zone) < from_hour
            then (date_trunc('day', t at time zone zone) + make_interval(hours => from_hour)) at time zone zone
        when extract(hour from t at time zone zone) >= to_hour
            then (date_trunc('day', t at time zone zone) + interval '1 day' + make_interval(hours => from_hour)) at time zone zone
        else t
    end
$$;

CREATE TABLE api_requests (
    token_id bigint NOT NULL,
    key text NOT NULL,
    method text NOT NULL,
    path text NOT NULL,
    body_sha256 bytea NOT NULL,
    status integer NOT NULL,
    answer bytea NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE api_tokens (
    id bigint NOT NULL,
    name text NOT NULL,
    token_hash bytea NOT NULL,
    staff_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone
);

ALTER TABLE api_tokens ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME api_tokens_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE art_batch_files (
    batch_id bigint NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    hash text DEFAULT ''::text NOT NULL,
    preview text DEFAULT ''::text NOT NULL,
    media_type text DEFAULT ''::text NOT NULL,
    width integer DEFAULT 0 NOT NULL,
    height integer DEFAULT 0 NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    fault text DEFAULT ''::text NOT NULL,
    job_id bigint,
    version integer,
    CONSTRAINT art_batch_files_number_check CHECK ((number > 0))
);

CREATE TABLE art_batches (
    id bigint NOT NULL,
    staff_id bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone
);

ALTER TABLE art_batches ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME art_batches_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE art_decision_files (
    decision_id bigint NOT NULL,
    job_id bigint NOT NULL,
    verdict text NOT NULL,
    version integer NOT NULL,
    hash text NOT NULL
);

CREATE TABLE art_decisions (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    stage text NOT NULL,
    verdict text NOT NULL,
    round integer DEFAULT 0 NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    staff_id bigint,
    how text DEFAULT ''::text NOT NULL,
    ip text DEFAULT ''::text NOT NULL,
    ticks jsonb DEFAULT '[]'::jsonb NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    words text DEFAULT ''::text NOT NULL,
    pins jsonb DEFAULT '[]'::jsonb NOT NULL,
    evidence text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT art_decisions_check CHECK (((how = ''::text) OR ((staff_id IS NOT NULL) AND (words <> ''::text) AND (name <> ''::text)))),
    CONSTRAINT art_decisions_evidence_check CHECK (((evidence = ''::text) OR (evidence ~ '^[0-9a-f]{64}$'::text))),
    CONSTRAINT art_decisions_how_check CHECK ((how = ANY (ARRAY[''::text, 'phone'::text, 'mail'::text, 'in person'::text, 'other'::text]))),
    CONSTRAINT art_decisions_stage_check CHECK ((stage = ANY (ARRAY['picture'::text, 'control'::text, 'customer'::text, 'flow'::text]))),
    CONSTRAINT art_decisions_verdict_check CHECK ((verdict = ANY (ARRAY['approved'::text, 'passed'::text, 'correction'::text, 'rejected'::text])))
);

ALTER TABLE art_decisions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME art_decisions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE art_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    staff_id bigint,
    state text NOT NULL,
    what text NOT NULL,
    detail text DEFAULT ''::text NOT NULL
);

ALTER TABLE art_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME art_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE art_jobs (
    id bigint NOT NULL,
    ref text NOT NULL,
    document text NOT NULL,
    warehouse_id bigint NOT NULL,
    item_id bigint NOT NULL,
    sku text NOT NULL,
    product text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    pieces bigint NOT NULL,
    promised timestamp with time zone NOT NULL,
    flow_id bigint NOT NULL,
    asks text NOT NULL,
    image_check boolean NOT NULL,
    art boolean NOT NULL,
    art_control boolean NOT NULL,
    approval boolean NOT NULL,
    approval_of text NOT NULL,
    least_ppi integer NOT NULL,
    good_ppi integer NOT NULL,
    print_width_mm integer NOT NULL,
    print_height_mm integer NOT NULL,
    state text NOT NULL,
    why text DEFAULT 'new'::text NOT NULL,
    artist_id bigint,
    since timestamp with time zone NOT NULL,
    round integer DEFAULT 0 NOT NULL,
    reminded integer DEFAULT 0 NOT NULL,
    reminded_at timestamp with time zone,
    overdue_at timestamp with time zone,
    decision_id bigint,
    approved text GENERATED ALWAYS AS (
CASE
    WHEN (decision_id IS NOT NULL) THEN 'approved'::text
    ELSE NULL::text
END) STORED,
    due_check timestamp with time zone,
    due_art timestamp with time zone,
    due_control timestamp with time zone,
    due_approval timestamp with time zone,
    due timestamp with time zone GENERATED ALWAYS AS (COALESCE(
CASE state
    WHEN 'picture check'::text THEN due_check
    WHEN 'art'::text THEN due_art
    WHEN 'art control'::text THEN due_control
    WHEN 'approval'::text THEN due_approval
    ELSE NULL::timestamp with time zone
END, promised)) STORED NOT NULL,
    CONSTRAINT art_jobs_approval_of_check CHECK ((approval_of = ANY (ARRAY['one'::text, 'all'::text, 'any'::text]))),
    CONSTRAINT art_jobs_check CHECK ((((state = 'approved'::text) = (decision_id IS NOT NULL)) OR (state = 'cancelled'::text))),
    CONSTRAINT art_jobs_check1 CHECK (((state <> 'art control'::text) OR (artist_id IS NOT NULL))),
    CONSTRAINT art_jobs_pieces_check CHECK ((pieces > 0)),
    CONSTRAINT art_jobs_state_check CHECK ((state = ANY (ARRAY['awaiting picture'::text, 'picture check'::text, 'picture refused'::text, 'art'::text, 'art control'::text, 'approval'::text, 'approved'::text, 'cancelled'::text]))),
    CONSTRAINT art_jobs_why_check CHECK ((why = ANY (ARRAY['new'::text, 'control'::text, 'customer'::text])))
);

ALTER TABLE art_jobs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME art_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE art_pictures (
    job_id bigint NOT NULL,
    number integer NOT NULL,
    hash text NOT NULL,
    preview text NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    bytes bigint NOT NULL,
    ppi integer NOT NULL,
    cropped integer NOT NULL,
    sent_by bigint,
    sent_at timestamp with time zone NOT NULL,
    replaced_at timestamp with time zone,
    CONSTRAINT art_pictures_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT art_pictures_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT art_pictures_height_check CHECK ((height > 0)),
    CONSTRAINT art_pictures_number_check CHECK ((number > 0)),
    CONSTRAINT art_pictures_preview_check CHECK ((preview ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT art_pictures_width_check CHECK ((width > 0))
);

CREATE TABLE art_versions (
    job_id bigint NOT NULL,
    number integer NOT NULL,
    proof integer NOT NULL,
    hash text NOT NULL,
    preview text NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    bytes bigint NOT NULL,
    made_by bigint,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT art_versions_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT art_versions_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT art_versions_height_check CHECK ((height > 0)),
    CONSTRAINT art_versions_number_check CHECK ((number > 0)),
    CONSTRAINT art_versions_preview_check CHECK ((preview ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT art_versions_proof_check CHECK (((proof >= 1) AND (proof <= 26))),
    CONSTRAINT art_versions_width_check CHECK ((width > 0))
);

CREATE TABLE artists (
    staff_id bigint NOT NULL,
    most_open integer,
    away boolean DEFAULT false NOT NULL,
    CONSTRAINT artists_most_open_check CHECK (((most_open >= 0) AND (most_open <= 1000)))
);

CREATE TABLE audit (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    staff_id bigint,
    verb text NOT NULL,
    subject text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE audit_seals (
    upto bigint NOT NULL,
    entries bigint NOT NULL,
    hash bytea NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE balances (
    item_id bigint NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    location_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    allocatable boolean NOT NULL,
    may_go_negative boolean DEFAULT false NOT NULL,
    on_hand bigint NOT NULL,
    CONSTRAINT balances_check CHECK (((on_hand > 0) OR may_go_negative))
)
WITH (fillfactor='80');

CREATE TABLE barcodes (
    code text NOT NULL,
    item_id bigint NOT NULL,
    quantity integer DEFAULT 1 NOT NULL,
    given_by bigint,
    given_at timestamp with time zone,
    CONSTRAINT barcodes_quantity_check CHECK (((quantity >= 1) AND (quantity <= 100000)))
);

CREATE TABLE bin_classes (
    class text NOT NULL,
    max_weight_g bigint DEFAULT 0 NOT NULL,
    max_volume_ml bigint DEFAULT 0 NOT NULL,
    max_pieces bigint DEFAULT 0 NOT NULL,
    max_packages bigint DEFAULT 0 NOT NULL,
    mixing text DEFAULT 'mixed'::text NOT NULL,
    CONSTRAINT bin_classes_class_check CHECK ((class = ANY (ARRAY['shelf'::text, 'pallet'::text, 'small'::text, 'bulk'::text]))),
    CONSTRAINT bin_classes_max_packages_check CHECK ((max_packages >= 0)),
    CONSTRAINT bin_classes_max_pieces_check CHECK ((max_pieces >= 0)),
    CONSTRAINT bin_classes_max_volume_ml_check CHECK ((max_volume_ml >= 0)),
    CONSTRAINT bin_classes_max_weight_g_check CHECK ((max_weight_g >= 0)),
    CONSTRAINT bin_classes_mixing_check CHECK ((mixing = ANY (ARRAY['empty'::text, 'item'::text, 'lot'::text, 'mixed'::text])))
);

CREATE TABLE card_events (
    id text NOT NULL,
    kind text NOT NULL,
    said jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    heard_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    waits_for text DEFAULT ''::text NOT NULL,
    customer_id bigint,
    payment_id bigint,
    seen_by bigint,
    seen_at timestamp with time zone,
    CONSTRAINT card_events_check CHECK (((state <> ALL (ARRAY['look'::text, 'parked'::text])) OR (reason <> ''::text))),
    CONSTRAINT card_events_check1 CHECK (((state = 'seen'::text) = (seen_at IS NOT NULL))),
    CONSTRAINT card_events_state_check CHECK ((state = ANY (ARRAY['done'::text, 'parked'::text, 'look'::text, 'seen'::text])))
);

CREATE TABLE carrier_events (
    system text NOT NULL,
    event_key text NOT NULL,
    heard_at timestamp with time zone NOT NULL
);

CREATE TABLE carrier_labels (
    carton_id bigint NOT NULL,
    carrier text NOT NULL,
    service text NOT NULL,
    reference text NOT NULL,
    state text DEFAULT 'wanted'::text NOT NULL,
    wanted_at timestamp with time zone NOT NULL,
    claim uuid,
    claimed_until timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    remote_id text,
    tracking_number text,
    cost_minor bigint,
    currency text,
    days integer,
    bought_at timestamp with time zone,
    paper bytea,
    refund text DEFAULT ''::text NOT NULL,
    settled_at timestamp with time zone,
    dots bytea,
    CONSTRAINT carrier_labels_check CHECK (((state <> 'bought'::text) OR ((remote_id IS NOT NULL) AND (tracking_number IS NOT NULL) AND (bought_at IS NOT NULL)))),
    CONSTRAINT carrier_labels_cost_minor_check CHECK ((cost_minor >= 0)),
    CONSTRAINT carrier_labels_refund_check CHECK ((refund = ANY (ARRAY[''::text, 'submitted'::text, 'refunded'::text, 'rejected'::text]))),
    CONSTRAINT carrier_labels_state_check CHECK ((state = ANY (ARRAY['wanted'::text, 'bought'::text, 'refused'::text, 'voiding'::text, 'voided'::text, 'kept'::text, 'cancelled'::text])))
);

CREATE TABLE carrier_manifests (
    manifest_id bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    pdf bytea
);

CREATE TABLE carrier_papers (
    hash bytea NOT NULL,
    format text NOT NULL,
    body bytea NOT NULL,
    CONSTRAINT carrier_papers_check CHECK ((hash = sha256(body))),
    CONSTRAINT carrier_papers_format_check CHECK ((format = ANY (ARRAY['PDF'::text, 'ZPL'::text, 'PNG'::text])))
);

CREATE TABLE carrier_polls (
    carton_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE carrier_rates (
    id bigint NOT NULL,
    carrier text NOT NULL,
    service text NOT NULL,
    places text[] NOT NULL,
    up_to_g bigint NOT NULL,
    minor bigint NOT NULL,
    currency text NOT NULL,
    days integer,
    CONSTRAINT carrier_rates_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT carrier_rates_days_check CHECK (((days >= 0) AND (days <= 90))),
    CONSTRAINT carrier_rates_minor_check CHECK ((minor >= 0)),
    CONSTRAINT carrier_rates_places_check CHECK ((cardinality(places) > 0)),
    CONSTRAINT carrier_rates_up_to_g_check CHECK ((up_to_g > 0))
);

ALTER TABLE carrier_rates ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME carrier_rates_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE carrier_rules (
    "position" integer NOT NULL,
    tag text DEFAULT ''::text NOT NULL,
    country text DEFAULT ''::text NOT NULL,
    asked text DEFAULT ''::text NOT NULL,
    from_g bigint DEFAULT 0 NOT NULL,
    to_g bigint DEFAULT 0 NOT NULL,
    does text NOT NULL,
    carrier text,
    service text,
    CONSTRAINT carrier_rules_check CHECK (((to_g = 0) OR (to_g >= from_g))),
    CONSTRAINT carrier_rules_check1 CHECK (((does = 'carrier'::text) = ((carrier IS NOT NULL) AND (service IS NOT NULL)))),
    CONSTRAINT carrier_rules_does_check CHECK ((does = ANY (ARRAY['cheapest'::text, 'ordered'::text, 'carrier'::text]))),
    CONSTRAINT carrier_rules_from_g_check CHECK ((from_g >= 0))
);

CREATE TABLE carriers (
    code text NOT NULL,
    name text NOT NULL,
    adapter text NOT NULL,
    services text[] DEFAULT '{standard}'::text[] NOT NULL,
    transit_days integer DEFAULT 2 NOT NULL,
    tracking_url text DEFAULT ''::text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    leaves_at time without time zone,
    theirs text DEFAULT ''::text NOT NULL,
    CONSTRAINT carriers_adapter_check CHECK ((adapter = ANY (ARRAY['own'::text, 'manual'::text, 'easypost'::text]))),
    CONSTRAINT carriers_code_check CHECK ((code ~ '^[a-z0-9-]{2,24}$'::text)),
    CONSTRAINT carriers_transit_days_check CHECK ((transit_days >= 0))
);

CREATE TABLE cart_totes (
    list_id bigint NOT NULL,
    "position" integer NOT NULL,
    demand_id bigint NOT NULL,
    tote_id bigint,
    active boolean DEFAULT true NOT NULL
);

CREATE TABLE carton_lines (
    carton_id bigint NOT NULL,
    ref text NOT NULL,
    tote_id bigint NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    quantity bigint NOT NULL,
    CONSTRAINT carton_lines_quantity_check CHECK ((quantity >= 0))
);

CREATE TABLE carton_materials (
    carton_id bigint NOT NULL,
    material_id bigint NOT NULL,
    used bigint NOT NULL,
    short bigint DEFAULT 0 NOT NULL,
    CONSTRAINT carton_materials_check CHECK (((short >= 0) AND (short <= used))),
    CONSTRAINT carton_materials_used_check CHECK (((used >= 0) AND (used <= 100000)))
);

CREATE TABLE carton_photos (
    id bigint NOT NULL,
    carton_id bigint NOT NULL,
    photo text NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT carton_photos_photo_check CHECK ((photo ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE carton_photos ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME carton_photos_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE carton_types (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    outer_length_mm integer NOT NULL,
    outer_width_mm integer NOT NULL,
    outer_height_mm integer NOT NULL,
    inner_length_mm integer NOT NULL,
    inner_width_mm integer NOT NULL,
    inner_height_mm integer NOT NULL,
    weight_g integer NOT NULL,
    max_weight_g integer NOT NULL,
    active boolean DEFAULT true NOT NULL,
    material_id bigint,
    CONSTRAINT carton_types_inner_height_mm_check CHECK ((inner_height_mm > 0)),
    CONSTRAINT carton_types_inner_length_mm_check CHECK ((inner_length_mm > 0)),
    CONSTRAINT carton_types_inner_width_mm_check CHECK ((inner_width_mm > 0)),
    CONSTRAINT carton_types_max_weight_g_check CHECK ((max_weight_g > 0)),
    CONSTRAINT carton_types_outer_height_mm_check CHECK ((outer_height_mm > 0)),
    CONSTRAINT carton_types_outer_length_mm_check CHECK ((outer_length_mm > 0)),
    CONSTRAINT carton_types_outer_width_mm_check CHECK ((outer_width_mm > 0)),
    CONSTRAINT carton_types_weight_g_check CHECK ((weight_g >= 0))
);

ALTER TABLE carton_types ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME carton_types_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE cartons (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    location_id bigint NOT NULL,
    demand_id bigint NOT NULL,
    ref text NOT NULL,
    station_id bigint,
    type_id bigint,
    number integer NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    sealing boolean DEFAULT false NOT NULL,
    typed_g integer,
    weight_g integer,
    expected_g integer DEFAULT 0 NOT NULL,
    sscc text,
    opened_by bigint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_by bigint,
    closed_at timestamp with time zone,
    straight boolean DEFAULT false NOT NULL,
    CONSTRAINT cartons_check CHECK (
CASE
    WHEN straight THEN ((state = ANY (ARRAY['closed'::text, 'shipped'::text])) AND (closed_at IS NOT NULL))
    ELSE ((station_id IS NOT NULL) AND ((state = ANY (ARRAY['open'::text, 'void'::text])) OR ((sscc IS NOT NULL) AND (weight_g IS NOT NULL) AND (closed_at IS NOT NULL))))
END),
    CONSTRAINT cartons_sscc_check CHECK ((sscc ~ '^[0-9]{18}$'::text)),
    CONSTRAINT cartons_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text, 'shipped'::text, 'void'::text]))),
    CONSTRAINT cartons_typed_g_check CHECK ((typed_g > 0)),
    CONSTRAINT cartons_weight_g_check CHECK ((weight_g > 0))
);

ALTER TABLE cartons ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME cartons_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE checkout_orders (
    checkout_id bigint NOT NULL,
    order_id bigint NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT checkout_orders_amount_minor_check CHECK ((amount_minor > 0))
);

CREATE TABLE checkouts (
    id bigint NOT NULL,
    token text NOT NULL,
    customer_id bigint NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    state text DEFAULT 'claimed'::text NOT NULL,
    session_id text,
    url text DEFAULT ''::text NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT checkouts_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT checkouts_check CHECK (((state <> 'open'::text) OR ((session_id IS NOT NULL) AND (url <> ''::text)))),
    CONSTRAINT checkouts_state_check CHECK ((state = ANY (ARRAY['claimed'::text, 'open'::text, 'paid'::text, 'over'::text])))
);

ALTER TABLE checkouts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME checkouts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE count_classes (
    warehouse_id bigint NOT NULL,
    class text NOT NULL,
    every_days integer NOT NULL,
    a_day integer NOT NULL,
    recount_pieces bigint,
    recount_percent integer,
    CONSTRAINT count_classes_a_day_check CHECK (((a_day >= 1) AND (a_day <= 10000))),
    CONSTRAINT count_classes_class_check CHECK ((class = ANY (ARRAY['A'::text, 'B'::text, 'C'::text]))),
    CONSTRAINT count_classes_every_days_check CHECK (((every_days >= 0) AND (every_days <= 3650))),
    CONSTRAINT count_classes_recount_percent_check CHECK (((recount_percent >= 0) AND (recount_percent <= 1000))),
    CONSTRAINT count_classes_recount_pieces_check CHECK (((recount_pieces >= 0) AND (recount_pieces <= 1000000)))
);

CREATE TABLE count_lines (
    count_id bigint NOT NULL,
    item_id bigint NOT NULL,
    ledger bigint NOT NULL,
    book bigint NOT NULL,
    counted bigint,
    variance bigint,
    lot_id bigint NOT NULL
);

CREATE TABLE count_rules (
    warehouse_id bigint NOT NULL,
    days integer NOT NULL,
    share_a integer NOT NULL,
    share_b integer NOT NULL,
    recount_pieces bigint NOT NULL,
    recount_percent integer,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT count_rules_check CHECK (((share_b >= 0) AND ((share_a + share_b) <= 100))),
    CONSTRAINT count_rules_days_check CHECK (((days >= 1) AND (days <= 730))),
    CONSTRAINT count_rules_recount_percent_check CHECK (((recount_percent >= 0) AND (recount_percent <= 1000))),
    CONSTRAINT count_rules_recount_pieces_check CHECK (((recount_pieces >= 0) AND (recount_pieces <= 1000000))),
    CONSTRAINT count_rules_share_a_check CHECK (((share_a >= 1) AND (share_a <= 99)))
);

CREATE TABLE count_scans (
    id bigint NOT NULL,
    scan uuid NOT NULL,
    count_id bigint NOT NULL,
    item_id bigint NOT NULL,
    quantity bigint NOT NULL,
    whole boolean NOT NULL,
    book bigint NOT NULL,
    ledger bigint NOT NULL,
    lot_id bigint NOT NULL
);

ALTER TABLE count_scans ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME count_scans_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE count_tasks (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    location_id bigint NOT NULL,
    item_id bigint,
    reason text NOT NULL,
    ref text DEFAULT ''::text NOT NULL,
    asked_by bigint,
    asked_at timestamp with time zone NOT NULL,
    again_at timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    count_id bigint,
    closed_by bigint,
    closed_at timestamp with time zone,
    class text,
    CONSTRAINT count_tasks_check CHECK (((state = 'open'::text) = (closed_at IS NULL))),
    CONSTRAINT count_tasks_class_check CHECK ((class = ANY (ARRAY['A'::text, 'B'::text, 'C'::text]))),
    CONSTRAINT count_tasks_state_check CHECK ((state = ANY (ARRAY['open'::text, 'counted'::text, 'cancelled'::text])))
);

ALTER TABLE count_tasks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME count_tasks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE counting (
    staff_id bigint NOT NULL,
    item_id bigint,
    bin_id bigint,
    question text DEFAULT ''::text NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    quantity bigint DEFAULT 0 NOT NULL,
    lot text DEFAULT ''::text NOT NULL,
    expires_on date
);

CREATE TABLE counts (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    location_id bigint NOT NULL,
    whole boolean NOT NULL,
    staff_id bigint NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    scan uuid,
    by_lot boolean DEFAULT true NOT NULL,
    CONSTRAINT counts_state_check CHECK ((state = ANY (ARRAY['open'::text, 'counted'::text, 'differs'::text, 'cancelled'::text])))
);

ALTER TABLE counts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME counts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE custom_items (
    item_id bigint NOT NULL,
    flow_id bigint NOT NULL,
    print_width_mm integer DEFAULT 0 NOT NULL,
    print_height_mm integer DEFAULT 0 NOT NULL,
    blank_id bigint,
    instructions text DEFAULT ''::text NOT NULL,
    CONSTRAINT custom_items_print_height_mm_check CHECK (((print_height_mm >= 0) AND (print_height_mm <= 20000))),
    CONSTRAINT custom_items_print_width_mm_check CHECK (((print_width_mm >= 0) AND (print_width_mm <= 20000)))
);

CREATE TABLE customer_links (
    hash bytea NOT NULL,
    customer_id bigint NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE customer_materials (
    customer_id bigint NOT NULL,
    material_id bigint NOT NULL,
    quantity bigint NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT customer_materials_quantity_check CHECK (((quantity >= 1) AND (quantity <= 1000)))
);

CREATE SEQUENCE customer_numbers
    START WITH 1001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE customers (
    id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    on_terms boolean DEFAULT false NOT NULL,
    credit_limit_minor bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    letters_token text DEFAULT replace((gen_random_uuid())::text, '-'::text, ''::text) NOT NULL,
    questions_ended_at timestamp with time zone,
    terms_days integer DEFAULT 30 NOT NULL,
    link_asked_at timestamp with time zone,
    CONSTRAINT customers_code_check CHECK (((code <> ''::text) AND (code !~ '@'::text))),
    CONSTRAINT customers_credit_limit_minor_check CHECK ((credit_limit_minor >= 0)),
    CONSTRAINT customers_language_check CHECK ((language = ANY (ARRAY[''::text, 'en'::text, 'de'::text]))),
    CONSTRAINT customers_terms_days_check CHECK (((terms_days >= 0) AND (terms_days <= 365)))
);

ALTER TABLE customers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME customers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE demand_lines (
    ref text NOT NULL,
    demand_id bigint NOT NULL,
    line integer NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    quantity bigint NOT NULL,
    shipped bigint DEFAULT 0 NOT NULL,
    notes text DEFAULT ''::text NOT NULL,
    straight boolean DEFAULT false NOT NULL,
    CONSTRAINT demand_lines_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT demand_lines_shipped_check CHECK ((shipped >= 0))
);

CREATE TABLE demand_materials (
    demand_id bigint NOT NULL,
    material_id bigint NOT NULL,
    quantity bigint NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT demand_materials_quantity_check CHECK (((quantity >= 1) AND (quantity <= 1000)))
);

CREATE TABLE demands (
    id bigint NOT NULL,
    ref text NOT NULL,
    warehouse_id bigint NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    due timestamp with time zone NOT NULL,
    carrier text DEFAULT ''::text NOT NULL,
    service text DEFAULT ''::text NOT NULL,
    cut_off timestamp with time zone,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    notes text DEFAULT ''::text NOT NULL,
    ship_complete boolean DEFAULT true NOT NULL,
    held_reason text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    released_at timestamp with time zone NOT NULL,
    CONSTRAINT demands_state_check CHECK ((state = ANY (ARRAY['open'::text, 'listed'::text, 'picked'::text, 'packed'::text, 'shipped'::text, 'cancelled'::text])))
);

ALTER TABLE demands ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME demands_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE design_options (
    design_id bigint NOT NULL,
    name text NOT NULL,
    value text NOT NULL,
    CONSTRAINT design_options_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
    CONSTRAINT design_options_value_check CHECK (((length(value) >= 1) AND (length(value) <= 1000)))
);

CREATE TABLE designs (
    id bigint NOT NULL,
    name text NOT NULL,
    item_id bigint NOT NULL,
    preview text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT designs_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
    CONSTRAINT designs_preview_check CHECK ((preview ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE designs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME designs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE dispositions (
    id bigint NOT NULL,
    line_id bigint NOT NULL,
    what text NOT NULL,
    grade text NOT NULL,
    quantity bigint NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    staff_id bigint NOT NULL,
    scan uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    photo text,
    lot_id bigint DEFAULT 0 NOT NULL,
    CONSTRAINT dispositions_grade_check CHECK ((grade = ANY (ARRAY['A'::text, 'B'::text, 'C'::text, 'D'::text]))),
    CONSTRAINT dispositions_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT dispositions_what_check CHECK ((what = ANY (ARRAY['restock'::text, 'quarantine'::text, 'rework'::text, 'vendor'::text, 'scrap'::text])))
);

ALTER TABLE dispositions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME dispositions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE doorstep_parcels (
    doorstep_id bigint NOT NULL,
    carton_id bigint NOT NULL,
    outcome text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT doorstep_parcels_check CHECK (((outcome = 'delivered'::text) = (reason = ''::text))),
    CONSTRAINT doorstep_parcels_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'refused'::text, 'missing'::text])))
);

CREATE TABLE doorstep_scans (
    carton_id bigint NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE doorsteps (
    id bigint NOT NULL,
    submission text NOT NULL,
    shipment_id bigint NOT NULL,
    manifest_id bigint NOT NULL,
    outcome text NOT NULL,
    recipient text DEFAULT ''::text NOT NULL,
    signature text DEFAULT ''::text NOT NULL,
    photo text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT doorsteps_outcome_check CHECK ((outcome = ANY (ARRAY['handed over'::text, 'partly'::text, 'refused'::text, 'nobody home'::text])))
);

ALTER TABLE doorsteps ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME doorsteps_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE expected_lines (
    id bigint NOT NULL,
    expected_id bigint NOT NULL,
    line integer NOT NULL,
    item_id bigint NOT NULL,
    quantity bigint NOT NULL,
    sscc text DEFAULT ''::text NOT NULL,
    lot text DEFAULT ''::text NOT NULL,
    expires_on date,
    CONSTRAINT expected_lines_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT expected_lines_sscc_check CHECK ((sscc ~ '^([0-9]{18})?$'::text))
);

ALTER TABLE expected_lines ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME expected_lines_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE expected_receipts (
    id bigint NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    warehouse_id bigint NOT NULL,
    supplier text NOT NULL,
    due_on date,
    state text DEFAULT 'open'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_by bigint,
    closed_at timestamp with time zone,
    close_note text DEFAULT ''::text NOT NULL,
    CONSTRAINT expected_receipts_kind_check CHECK ((kind = ANY (ARRAY['po'::text, 'asn'::text]))),
    CONSTRAINT expected_receipts_state_check CHECK ((state = ANY (ARRAY['open'::text, 'received'::text, 'closed'::text])))
);

ALTER TABLE expected_receipts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME expected_receipts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE feedback (
    order_id bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    score integer,
    words text DEFAULT ''::text NOT NULL,
    answered_at timestamp with time zone,
    call_back text DEFAULT 'none'::text NOT NULL,
    called_by bigint,
    called_at timestamp with time zone,
    call_note text DEFAULT ''::text NOT NULL,
    reminded_at timestamp with time zone,
    case_owner bigint,
    cause text DEFAULT ''::text NOT NULL,
    CONSTRAINT feedback_call_back_check CHECK ((call_back = ANY (ARRAY['none'::text, 'open'::text, 'done'::text]))),
    CONSTRAINT feedback_cause_check CHECK ((cause = ANY (ARRAY[''::text, 'item'::text, 'artwork'::text, 'picking'::text, 'packing'::text, 'carrier'::text, 'price'::text, 'other'::text]))),
    CONSTRAINT feedback_score_check CHECK (((score >= 1) AND (score <= 5)))
);

CREATE TABLE flows (
    id bigint NOT NULL,
    name text NOT NULL,
    asks text DEFAULT ''::text NOT NULL,
    image_check boolean NOT NULL,
    art boolean NOT NULL,
    art_control boolean NOT NULL,
    approval boolean NOT NULL,
    approval_of text DEFAULT 'one'::text NOT NULL,
    least_ppi integer DEFAULT 150 NOT NULL,
    good_ppi integer DEFAULT 300 NOT NULL,
    retired_at timestamp with time zone,
    making text DEFAULT 'shelf'::text NOT NULL,
    partner_id bigint,
    straight boolean DEFAULT false NOT NULL,
    CONSTRAINT flows_approval_of_check CHECK ((approval_of = ANY (ARRAY['one'::text, 'all'::text, 'any'::text]))),
    CONSTRAINT flows_check CHECK (((good_ppi >= least_ppi) AND (good_ppi <= 2400))),
    CONSTRAINT flows_check1 CHECK ((art OR (asks <> ''::text))),
    CONSTRAINT flows_check2 CHECK ((art OR (NOT art_control))),
    CONSTRAINT flows_check3 CHECK (((asks <> ''::text) OR (NOT image_check))),
    CONSTRAINT flows_least_ppi_check CHECK (((least_ppi >= 0) AND (least_ppi <= 2400))),
    CONSTRAINT flows_making_check CHECK ((making = ANY (ARRAY['shelf'::text, 'workshop'::text, 'partner'::text]))),
    CONSTRAINT flows_name_check CHECK ((name <> ''::text)),
    CONSTRAINT flows_partner_check CHECK ((((making = 'partner'::text) = (partner_id IS NOT NULL)) AND ((making = 'partner'::text) OR (NOT straight))))
);

ALTER TABLE flows ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME flows_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE fulfillers (
    staff_id bigint NOT NULL,
    away boolean DEFAULT false NOT NULL
);

CREATE TABLE group_orders (
    order_id bigint NOT NULL,
    group_id bigint NOT NULL
);

CREATE TABLE holds (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    placed_by bigint,
    placed_at timestamp with time zone NOT NULL,
    cleared_by bigint,
    cleared_at timestamp with time zone,
    CONSTRAINT holds_kind_check CHECK ((kind = ANY (ARRAY['address'::text, 'art'::text, 'stock'::text, 'fraud'::text, 'manual'::text])))
);

ALTER TABLE holds ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME holds_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE holidays (
    warehouse_id bigint NOT NULL,
    day date NOT NULL,
    name text DEFAULT ''::text NOT NULL
);

CREATE TABLE inbox (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    sender text NOT NULL,
    recipients text[] NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    raw bytea NOT NULL
);

ALTER TABLE inbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME inbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE inspection_verdicts (
    id bigint NOT NULL,
    inspection_id bigint NOT NULL,
    passed boolean NOT NULL,
    quantity bigint NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    photo text,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT inspection_verdicts_quantity_check CHECK ((quantity > 0))
);

ALTER TABLE inspection_verdicts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME inspection_verdicts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE inspections (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    receipt_id bigint NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    location_id bigint NOT NULL,
    quantity bigint NOT NULL,
    passed bigint DEFAULT 0 NOT NULL,
    failed bigint DEFAULT 0 NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    CONSTRAINT inspections_check CHECK (((passed + failed) <= quantity)),
    CONSTRAINT inspections_failed_check CHECK ((failed >= 0)),
    CONSTRAINT inspections_passed_check CHECK ((passed >= 0)),
    CONSTRAINT inspections_quantity_check CHECK ((quantity >= 0))
);

ALTER TABLE inspections ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME inspections_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE invoice_series (
    series text NOT NULL,
    last bigint DEFAULT 1000 NOT NULL,
    CONSTRAINT invoice_series_series_check CHECK ((series = ANY (ARRAY['INV'::text, 'CN'::text])))
);

CREATE TABLE invoices (
    series text NOT NULL,
    number bigint NOT NULL,
    order_id bigint NOT NULL,
    payment_id bigint,
    issued_at timestamp with time zone NOT NULL,
    due_on date,
    currency text NOT NULL,
    goods_minor bigint NOT NULL,
    shipping_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    snapshot jsonb NOT NULL,
    tools_minor bigint DEFAULT 0 NOT NULL,
    CONSTRAINT invoices_check CHECK (((total_minor > 0) AND (total_minor = (((goods_minor + shipping_minor) + tools_minor) + tax_minor)))),
    CONSTRAINT invoices_check1 CHECK (((series = 'CN'::text) OR (payment_id IS NULL)))
);

CREATE TABLE item_classes (
    warehouse_id bigint NOT NULL,
    item_id bigint NOT NULL,
    class text NOT NULL,
    lines bigint NOT NULL,
    CONSTRAINT item_classes_class_check CHECK ((class = ANY (ARRAY['A'::text, 'B'::text, 'C'::text]))),
    CONSTRAINT item_classes_lines_check CHECK ((lines > 0))
);

CREATE TABLE item_materials (
    item_id bigint NOT NULL,
    material_id bigint NOT NULL,
    per text NOT NULL,
    quantity bigint NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT item_materials_check CHECK ((item_id <> material_id)),
    CONSTRAINT item_materials_per_check CHECK ((per = ANY (ARRAY['unit'::text, 'carton'::text]))),
    CONSTRAINT item_materials_quantity_check CHECK (((quantity >= 1) AND (quantity <= 1000)))
);

CREATE TABLE item_options (
    id bigint NOT NULL,
    item_id bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    help text DEFAULT ''::text NOT NULL,
    required boolean NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    "least" bigint DEFAULT 0 NOT NULL,
    most bigint DEFAULT 0 NOT NULL,
    unit text DEFAULT ''::text NOT NULL,
    run boolean DEFAULT false NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT item_options_check CHECK (("least" <= most)),
    CONSTRAINT item_options_check1 CHECK (((kind = 'choice'::text) OR (NOT run))),
    CONSTRAINT item_options_help_check CHECK ((length(help) <= 300)),
    CONSTRAINT item_options_kind_check CHECK ((kind = ANY (ARRAY['choice'::text, 'number'::text, 'text'::text, 'file'::text]))),
    CONSTRAINT item_options_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
    CONSTRAINT item_options_unit_check CHECK ((length(unit) <= 12))
);

ALTER TABLE item_options ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME item_options_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE item_tools (
    item_id bigint NOT NULL,
    kind_id bigint NOT NULL
);

CREATE TABLE items (
    id bigint NOT NULL,
    sku text NOT NULL,
    name text NOT NULL,
    length_mm integer DEFAULT 0 NOT NULL,
    width_mm integer DEFAULT 0 NOT NULL,
    height_mm integer DEFAULT 0 NOT NULL,
    weight_g integer DEFAULT 0 NOT NULL,
    bin_class text DEFAULT 'shelf'::text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    upright boolean DEFAULT false NOT NULL,
    ships_alone boolean DEFAULT false NOT NULL,
    tracking text DEFAULT 'none'::text NOT NULL,
    expires boolean DEFAULT false NOT NULL,
    removal text DEFAULT ''::text NOT NULL,
    shelf_days integer DEFAULT 0 NOT NULL,
    over_percent integer,
    inspect_every integer DEFAULT 0 NOT NULL,
    CONSTRAINT items_bin_class_check CHECK ((bin_class = ANY (ARRAY['shelf'::text, 'pallet'::text, 'small'::text, 'bulk'::text]))),
    CONSTRAINT items_height_mm_check CHECK ((height_mm >= 0)),
    CONSTRAINT items_inspect_every_check CHECK (((inspect_every >= 0) AND (inspect_every <= 1000))),
    CONSTRAINT items_length_mm_check CHECK ((length_mm >= 0)),
    CONSTRAINT items_name_check CHECK ((name <> ''::text)),
    CONSTRAINT items_over_percent_check CHECK (((over_percent >= 0) AND (over_percent <= 1000))),
    CONSTRAINT items_removal_check CHECK ((removal = ANY (ARRAY[''::text, 'fefo'::text, 'fifo'::text, 'closest'::text]))),
    CONSTRAINT items_shelf_days_check CHECK (((shelf_days >= 0) AND (shelf_days <= 3650))),
    CONSTRAINT items_sku_check CHECK ((sku ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$'::text)),
    CONSTRAINT items_tracking_check CHECK ((tracking = ANY (ARRAY['none'::text, 'lot'::text, 'serial'::text]))),
    CONSTRAINT items_weight_g_check CHECK ((weight_g >= 0)),
    CONSTRAINT items_width_mm_check CHECK ((width_mm >= 0))
);

ALTER TABLE items ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME items_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE job_runs (
    job text NOT NULL,
    slot timestamp with time zone NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    error text
);

CREATE TABLE letter_files (
    letter_id bigint NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    content bytea NOT NULL
);

CREATE TABLE letter_timing (
    kind text NOT NULL,
    off boolean DEFAULT false NOT NULL,
    delay_hours integer DEFAULT 0 NOT NULL,
    from_hour integer,
    to_hour integer,
    saved_by bigint NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    CONSTRAINT letter_timing_check CHECK (((from_hour IS NULL) = (to_hour IS NULL))),
    CONSTRAINT letter_timing_check1 CHECK ((from_hour < to_hour)),
    CONSTRAINT letter_timing_delay_hours_check CHECK (((delay_hours >= 0) AND (delay_hours <= 720))),
    CONSTRAINT letter_timing_from_hour_check CHECK (((from_hour >= 0) AND (from_hour <= 23))),
    CONSTRAINT letter_timing_to_hour_check CHECK (((to_hour >= 1) AND (to_hour <= 24)))
);

CREATE TABLE letter_wordings (
    kind text NOT NULL,
    language text NOT NULL,
    version integer NOT NULL,
    subject text,
    body text,
    saved_by bigint NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    CONSTRAINT letter_wordings_check CHECK (((subject IS NULL) = (body IS NULL))),
    CONSTRAINT letter_wordings_language_check CHECK ((language = ANY (ARRAY['en'::text, 'de'::text]))),
    CONSTRAINT letter_wordings_version_check CHECK ((version > 0))
);

CREATE TABLE letters (
    id bigint NOT NULL,
    kind text NOT NULL,
    fact text NOT NULL,
    ref text NOT NULL,
    sender text NOT NULL,
    recipient text NOT NULL,
    recipient_name text DEFAULT ''::text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    message_id text NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    next_try_at timestamp with time zone DEFAULT now() NOT NULL,
    give_up_at timestamp with time zone DEFAULT (now() + '4 days'::interval) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    language text DEFAULT 'en'::text NOT NULL,
    zone text DEFAULT 'UTC'::text NOT NULL,
    from_hour integer,
    to_hour integer,
    unsubscribe text DEFAULT ''::text NOT NULL,
    CONSTRAINT letters_check CHECK (((state = 'sent'::text) = (sent_at IS NOT NULL))),
    CONSTRAINT letters_check1 CHECK (((state <> 'refused'::text) OR (error <> ''::text))),
    CONSTRAINT letters_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'refused'::text, 'cancelled'::text])))
);

ALTER TABLE letters ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME letters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE line_tools (
    ref text NOT NULL,
    tool_id bigint NOT NULL
);

CREATE TABLE locations (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    parent_id bigint,
    kind text NOT NULL,
    code text NOT NULL,
    use text DEFAULT 'pickable'::text NOT NULL,
    bin_class text DEFAULT 'shelf'::text NOT NULL,
    sequence integer DEFAULT 0 NOT NULL,
    x_mm integer DEFAULT 0 NOT NULL,
    y_mm integer DEFAULT 0 NOT NULL,
    z_mm integer DEFAULT 0 NOT NULL,
    may_go_negative boolean DEFAULT false NOT NULL,
    negative_until bigint DEFAULT 0 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    physical boolean GENERATED ALWAYS AS ((kind = ANY (ARRAY['bin'::text, 'dock'::text, 'station'::text, 'quarantine'::text, 'returns'::text, 'tote'::text, 'cart'::text, 'pallet'::text, 'carton'::text]))) STORED NOT NULL,
    max_weight_g bigint,
    max_volume_ml bigint,
    max_pieces bigint,
    max_packages bigint,
    mixing text,
    inbound boolean DEFAULT false NOT NULL,
    allocatable boolean GENERATED ALWAYS AS (((kind = ANY (ARRAY['cart'::text, 'carton'::text, 'station'::text])) OR ((kind = 'tote'::text) AND (NOT inbound)) OR ((kind = 'bin'::text) AND (use = ANY (ARRAY['pickable'::text, 'overstock'::text]))))) STORED NOT NULL,
    CONSTRAINT locations_bin_class_check CHECK ((bin_class = ANY (ARRAY['shelf'::text, 'pallet'::text, 'small'::text, 'bulk'::text]))),
    CONSTRAINT locations_check CHECK (((NOT inbound) OR (kind = 'tote'::text))),
    CONSTRAINT locations_code_check CHECK ((code ~ '^[A-Z0-9][A-Z0-9.-]{0,31}$'::text)),
    CONSTRAINT locations_kind_check CHECK ((kind = ANY (ARRAY['zone'::text, 'aisle'::text, 'bay'::text, 'level'::text, 'wall'::text, 'bin'::text, 'dock'::text, 'station'::text, 'quarantine'::text, 'returns'::text, 'tote'::text, 'cart'::text, 'pallet'::text, 'carton'::text, 'supplier'::text, 'customer'::text, 'workshop'::text, 'partner'::text, 'transit'::text, 'scrap'::text, 'lost'::text, 'found'::text]))),
    CONSTRAINT locations_max_packages_check CHECK ((max_packages >= 0)),
    CONSTRAINT locations_max_pieces_check CHECK ((max_pieces >= 0)),
    CONSTRAINT locations_max_volume_ml_check CHECK ((max_volume_ml >= 0)),
    CONSTRAINT locations_max_weight_g_check CHECK ((max_weight_g >= 0)),
    CONSTRAINT locations_mixing_check CHECK ((mixing = ANY (ARRAY['empty'::text, 'item'::text, 'lot'::text, 'mixed'::text]))),
    CONSTRAINT locations_use_check CHECK ((use = ANY (ARRAY['pickable'::text, 'overstock'::text, 'hold'::text, 'quarantine'::text, 'hospital'::text])))
);

ALTER TABLE locations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME locations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE lots (
    id bigint NOT NULL,
    item_id bigint,
    code text DEFAULT ''::text NOT NULL,
    expires_on date,
    serial boolean DEFAULT false NOT NULL,
    received_on date,
    blocked boolean DEFAULT false NOT NULL,
    source text DEFAULT ''::text NOT NULL
);

ALTER TABLE lots ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME lots_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE makers (
    staff_id bigint NOT NULL,
    work_order_id bigint,
    bin_id bigint
);

CREATE TABLE manifests (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    door_id bigint NOT NULL,
    carrier text,
    state text DEFAULT 'loading'::text NOT NULL,
    opened_by bigint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    dispatched_by bigint,
    dispatched_at timestamp with time zone,
    CONSTRAINT manifests_check CHECK (((state = 'dispatched'::text) = (dispatched_at IS NOT NULL))),
    CONSTRAINT manifests_check1 CHECK (((state = 'loading'::text) OR (carrier IS NOT NULL))),
    CONSTRAINT manifests_state_check CHECK ((state = ANY (ARRAY['loading'::text, 'dispatched'::text])))
);

ALTER TABLE manifests ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME manifests_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE movements (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    warehouse_id bigint NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    quantity bigint NOT NULL,
    from_id bigint NOT NULL,
    to_id bigint NOT NULL,
    reason text NOT NULL,
    ref text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    staff_id bigint,
    station_id bigint,
    scan uuid,
    leg smallint DEFAULT 0 NOT NULL,
    reverses bigint,
    CONSTRAINT movements_check CHECK ((to_id <> from_id)),
    CONSTRAINT movements_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT movements_reason_check CHECK ((reason = ANY (ARRAY['receive'::text, 'putaway'::text, 'pick'::text, 'sort'::text, 'pack'::text, 'ship'::text, 'return'::text, 'disposition'::text, 'adjust'::text, 'transfer'::text, 'make'::text, 'undo'::text])))
);

ALTER TABLE movements ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME movements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE moving (
    staff_id bigint NOT NULL,
    container_id bigint,
    from_id bigint,
    everything boolean DEFAULT false NOT NULL,
    item_id bigint,
    quantity bigint DEFAULT 0 NOT NULL,
    to_id bigint,
    lot_id bigint,
    asks boolean DEFAULT false NOT NULL
);

CREATE TABLE option_choices (
    option_id bigint NOT NULL,
    "position" integer NOT NULL,
    value text NOT NULL,
    surcharge_minor bigint DEFAULT 0 NOT NULL,
    currency text NOT NULL,
    CONSTRAINT option_choices_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT option_choices_position_check CHECK (("position" > 0)),
    CONSTRAINT option_choices_surcharge_minor_check CHECK ((surcharge_minor >= 0)),
    CONSTRAINT option_choices_value_check CHECK (((length(value) >= 1) AND (length(value) <= 60)))
);

CREATE TABLE option_files (
    token text NOT NULL,
    hash text NOT NULL,
    preview text NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    bytes bigint NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    CONSTRAINT option_files_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT option_files_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT option_files_height_check CHECK ((height > 0)),
    CONSTRAINT option_files_preview_check CHECK ((preview ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT option_files_token_check CHECK ((length(token) >= 26)),
    CONSTRAINT option_files_width_check CHECK ((width > 0))
);

CREATE TABLE order_events (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    staff_id bigint,
    what text NOT NULL,
    detail text DEFAULT ''::text NOT NULL
);

ALTER TABLE order_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME order_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE order_groups (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    made_by bigint,
    made_at timestamp with time zone NOT NULL
);

ALTER TABLE order_groups ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME order_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE order_line_options (
    order_id bigint NOT NULL,
    line integer NOT NULL,
    "position" integer NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    unit text NOT NULL,
    surcharge_minor bigint NOT NULL,
    file text,
    CONSTRAINT order_line_options_check CHECK (((kind = 'file'::text) = (file IS NOT NULL))),
    CONSTRAINT order_line_options_kind_check CHECK ((kind = ANY (ARRAY['choice'::text, 'number'::text, 'text'::text, 'file'::text]))),
    CONSTRAINT order_line_options_position_check CHECK (("position" > 0)),
    CONSTRAINT order_line_options_surcharge_minor_check CHECK ((surcharge_minor >= 0))
);

CREATE TABLE order_lines (
    order_id bigint NOT NULL,
    line integer NOT NULL,
    ref text NOT NULL,
    item_id bigint NOT NULL,
    sku text NOT NULL,
    name text NOT NULL,
    quantity bigint NOT NULL,
    cancelled bigint DEFAULT 0 NOT NULL,
    price_minor bigint NOT NULL,
    break_from bigint DEFAULT 0 NOT NULL,
    tool text DEFAULT ''::text NOT NULL,
    CONSTRAINT order_lines_break_from_check CHECK ((break_from >= 0)),
    CONSTRAINT order_lines_check CHECK (((cancelled >= 0) AND (cancelled <= quantity))),
    CONSTRAINT order_lines_line_check CHECK ((line > 0)),
    CONSTRAINT order_lines_price_minor_check CHECK ((price_minor >= 0)),
    CONSTRAINT order_lines_quantity_check CHECK (((quantity >= 0) AND (quantity <= 100000))),
    CONSTRAINT order_lines_tool_check CHECK ((tool = ANY (ARRAY[''::text, 'unlabelled'::text, 'stamp'::text])))
);

CREATE SEQUENCE order_numbers
    START WITH 1001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE orders (
    id bigint NOT NULL,
    number bigint NOT NULL,
    submission text NOT NULL,
    submitted bytea NOT NULL,
    customer_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    channel text NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    recipient text NOT NULL,
    company text DEFAULT ''::text NOT NULL,
    street text NOT NULL,
    street2 text DEFAULT ''::text NOT NULL,
    city text NOT NULL,
    postcode text NOT NULL,
    region text DEFAULT ''::text NOT NULL,
    country text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    email text NOT NULL,
    carrier text NOT NULL,
    service text NOT NULL,
    notes text DEFAULT ''::text NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    ship_complete boolean DEFAULT true NOT NULL,
    promised_on timestamp with time zone NOT NULL,
    currency text NOT NULL,
    goods_minor bigint NOT NULL,
    shipping_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    journey_token text NOT NULL,
    placed_by bigint,
    placed_at timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    stage text DEFAULT 'pending payment'::text NOT NULL,
    contact_id bigint,
    checked_at timestamp with time zone,
    checked_as text DEFAULT ''::text NOT NULL,
    tools_minor bigint DEFAULT 0 NOT NULL,
    dates jsonb DEFAULT '{}'::jsonb NOT NULL,
    warned text[] DEFAULT '{}'::text[] NOT NULL,
    expected_on timestamp with time zone,
    CONSTRAINT orders_channel_check CHECK ((channel = ANY (ARRAY['web'::text, 'phone'::text, 'api'::text, 'csv'::text, 'quote'::text, 'return'::text]))),
    CONSTRAINT orders_check CHECK ((total_minor = (((goods_minor + shipping_minor) + tools_minor) + tax_minor))),
    CONSTRAINT orders_check1 CHECK (((checked_at IS NOT NULL) OR (checked_as = ''::text))),
    CONSTRAINT orders_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT orders_priority_check CHECK (((priority >= 0) AND (priority <= 9))),
    CONSTRAINT orders_stage_check CHECK ((stage = ANY (ARRAY['pending payment'::text, 'on hold'::text, 'artwork'::text, 'production'::text, 'released'::text, 'back-ordered'::text, 'picking'::text, 'picked'::text, 'packed'::text, 'shipped'::text, 'delivered'::text, 'cancelled'::text]))),
    CONSTRAINT orders_tools_minor_check CHECK ((tools_minor >= 0))
);

ALTER TABLE orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE own_tracking
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    MAXVALUE 9999999999
    CACHE 1;

CREATE TABLE pack_counts (
    scan uuid NOT NULL,
    leg smallint NOT NULL,
    id bigint NOT NULL,
    carton_id bigint NOT NULL,
    tote_id bigint NOT NULL,
    ref text NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    quantity bigint NOT NULL,
    undone_by uuid,
    CONSTRAINT pack_counts_quantity_check CHECK ((quantity > 0))
);

ALTER TABLE pack_counts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pack_counts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pallets (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    sscc text NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    apart_at timestamp with time zone,
    CONSTRAINT pallets_sscc_check CHECK ((sscc ~ '^[0-9]{18}$'::text))
);

ALTER TABLE pallets ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pallets_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE papers (
    id bigint NOT NULL,
    kind text NOT NULL,
    ref text NOT NULL,
    dpi integer DEFAULT 203 NOT NULL,
    pdf bytea NOT NULL,
    sha256 bytea NOT NULL,
    void boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    zpl bytea,
    plan bytea
);

ALTER TABLE papers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME papers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE partner_events (
    id bigint NOT NULL,
    work_order_id bigint NOT NULL,
    what text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    pieces bigint DEFAULT 0 NOT NULL,
    staff_id bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT partner_events_what_check CHECK ((what = ANY (ARRAY['asked'::text, 'given'::text, 'handed over'::text, 'taken back'::text, 'accepted'::text, 'refused'::text, 'stopped'::text, 'sent'::text, 'spoiled'::text, 'over'::text])))
);

ALTER TABLE partner_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME partner_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE partners (
    id bigint NOT NULL,
    name text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    days integer DEFAULT 5 NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT partners_days_check CHECK (((days >= 0) AND (days <= 365))),
    CONSTRAINT partners_name_check CHECK ((name <> ''::text))
);

ALTER TABLE partners ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME partners_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pay_link_orders (
    token text NOT NULL,
    order_id bigint NOT NULL
);

CREATE TABLE pay_links (
    token text NOT NULL,
    submission text NOT NULL,
    customer_id bigint NOT NULL,
    made_by bigint,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE payment_orders (
    payment_id bigint NOT NULL,
    order_id bigint NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT payment_orders_amount_minor_check CHECK ((amount_minor <> 0))
);

CREATE TABLE payments (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    method text NOT NULL,
    reference text NOT NULL,
    submission text NOT NULL,
    submitted bytea NOT NULL,
    staff_id bigint,
    at timestamp with time zone NOT NULL,
    intent text DEFAULT ''::text NOT NULL,
    CONSTRAINT payments_amount_minor_check CHECK ((amount_minor <> 0)),
    CONSTRAINT payments_method_check CHECK ((method = ANY (ARRAY['bank transfer'::text, 'card'::text, 'cash'::text, 'cheque'::text, 'other'::text, 'credit'::text])))
);

ALTER TABLE payments ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME payments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pick_blocks (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    location_id bigint NOT NULL,
    item_id bigint NOT NULL,
    reason text NOT NULL,
    list_id bigint NOT NULL,
    placed_by bigint NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    cleared_by bigint,
    cleared_at timestamp with time zone
);

ALTER TABLE pick_blocks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pick_blocks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pick_counts (
    scan uuid NOT NULL,
    id bigint NOT NULL,
    list_id bigint NOT NULL,
    task_id bigint NOT NULL,
    tote_id bigint NOT NULL,
    quantity bigint NOT NULL,
    undone_by uuid,
    lost bigint DEFAULT 0 NOT NULL,
    CONSTRAINT pick_counts_lost_check CHECK (((lost >= 0) AND (lost <= quantity))),
    CONSTRAINT pick_counts_quantity_check CHECK ((quantity > 0))
);

ALTER TABLE pick_counts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pick_counts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pick_faces (
    warehouse_id bigint NOT NULL,
    item_id bigint NOT NULL,
    location_id bigint NOT NULL,
    min_quantity bigint NOT NULL,
    max_quantity bigint NOT NULL,
    CONSTRAINT pick_faces_check CHECK (((max_quantity >= min_quantity) AND (max_quantity > 0))),
    CONSTRAINT pick_faces_min_quantity_check CHECK ((min_quantity >= 0))
);

CREATE TABLE pick_lists (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    method text DEFAULT 'piece'::text NOT NULL,
    state text DEFAULT 'released'::text NOT NULL,
    picker_id bigint,
    tote_id bigint,
    at_task bigint,
    priority integer DEFAULT 0 NOT NULL,
    due timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    wave_id bigint,
    zone_id bigint,
    confirm_id bigint,
    asked_id bigint,
    news text DEFAULT ''::text NOT NULL,
    zero_check boolean DEFAULT false NOT NULL,
    cross_y bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    depot_x bigint DEFAULT 0 NOT NULL,
    depot_y bigint DEFAULT 0 NOT NULL,
    at_x bigint DEFAULT 0 NOT NULL,
    at_y bigint DEFAULT 0 NOT NULL,
    planned_mm bigint DEFAULT 0 NOT NULL,
    named_mm bigint DEFAULT 0 NOT NULL,
    walked_mm bigint DEFAULT 0 NOT NULL,
    CONSTRAINT pick_lists_method_check CHECK ((method = ANY (ARRAY['piece'::text, 'batch'::text, 'cluster'::text, 'zone'::text]))),
    CONSTRAINT pick_lists_state_check CHECK ((state = ANY (ARRAY['released'::text, 'started'::text, 'picked'::text, 'cancelled'::text])))
);

ALTER TABLE pick_lists ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pick_lists_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pick_rules (
    warehouse_id bigint NOT NULL,
    cross_y bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    depot_id bigint,
    policy text DEFAULT 'exact'::text NOT NULL,
    method text DEFAULT 'piece'::text NOT NULL,
    cart_totes integer DEFAULT 8 NOT NULL,
    max_lines integer DEFAULT 0 NOT NULL,
    max_units integer DEFAULT 0 NOT NULL,
    max_weight_g integer DEFAULT 0 NOT NULL,
    max_volume_cm3 integer DEFAULT 0 NOT NULL,
    urgent_from integer DEFAULT 8 NOT NULL,
    zero_check boolean DEFAULT false NOT NULL,
    walk_mm_s integer DEFAULT 1000 NOT NULL,
    stop_s integer DEFAULT 8 NOT NULL,
    unit_s integer DEFAULT 3 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT pick_rules_cart_totes_check CHECK (((cart_totes >= 1) AND (cart_totes <= 60))),
    CONSTRAINT pick_rules_max_lines_check CHECK ((max_lines >= 0)),
    CONSTRAINT pick_rules_max_units_check CHECK ((max_units >= 0)),
    CONSTRAINT pick_rules_max_volume_cm3_check CHECK ((max_volume_cm3 >= 0)),
    CONSTRAINT pick_rules_max_weight_g_check CHECK ((max_weight_g >= 0)),
    CONSTRAINT pick_rules_method_check CHECK ((method = ANY (ARRAY['piece'::text, 'batch'::text, 'cluster'::text, 'zone'::text]))),
    CONSTRAINT pick_rules_stop_s_check CHECK (((stop_s >= 0) AND (stop_s <= 600))),
    CONSTRAINT pick_rules_unit_s_check CHECK (((unit_s >= 0) AND (unit_s <= 600))),
    CONSTRAINT pick_rules_walk_mm_s_check CHECK (((walk_mm_s >= 100) AND (walk_mm_s <= 10000)))
);

CREATE TABLE pick_tasks (
    id bigint NOT NULL,
    list_id bigint NOT NULL,
    sequence integer NOT NULL,
    demand_id bigint NOT NULL,
    ref text NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    location_id bigint NOT NULL,
    quantity bigint NOT NULL,
    picked bigint DEFAULT 0 NOT NULL,
    short bigint DEFAULT 0 NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    x_mm bigint DEFAULT 0 NOT NULL,
    y_mm bigint DEFAULT 0 NOT NULL,
    proof text DEFAULT 'item'::text NOT NULL,
    instead boolean DEFAULT false NOT NULL,
    CONSTRAINT pick_tasks_check CHECK (((picked >= 0) AND (short >= 0) AND ((picked + short) <= quantity))),
    CONSTRAINT pick_tasks_proof_check CHECK ((proof = ANY (ARRAY['bin'::text, 'item'::text, 'unit'::text]))),
    CONSTRAINT pick_tasks_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT pick_tasks_state_check CHECK ((state = ANY (ARRAY['open'::text, 'picked'::text, 'short'::text, 'cancelled'::text])))
);

ALTER TABLE pick_tasks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pick_tasks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE price_breaks (
    item_id bigint NOT NULL,
    currency text NOT NULL,
    from_quantity bigint NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT price_breaks_amount_minor_check CHECK ((amount_minor >= 0)),
    CONSTRAINT price_breaks_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT price_breaks_from_quantity_check CHECK (((from_quantity >= 2) AND (from_quantity <= 100000)))
);

CREATE TABLE prices (
    item_id bigint NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT prices_amount_minor_check CHECK ((amount_minor >= 0)),
    CONSTRAINT prices_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
);

CREATE TABLE print_jobs (
    id bigint NOT NULL,
    paper_id bigint NOT NULL,
    printer_id bigint,
    station_id bigint,
    staff_id bigint,
    state text DEFAULT 'queued'::text NOT NULL,
    reprint boolean DEFAULT false NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    tried_at timestamp with time zone,
    finished_at timestamp with time zone,
    remote_job integer,
    press uuid,
    CONSTRAINT print_jobs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'taken'::text, 'printed'::text, 'unsure'::text, 'failed'::text, 'cancelled'::text])))
);

ALTER TABLE print_jobs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME print_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE printers (
    id bigint NOT NULL,
    station_id bigint NOT NULL,
    paper text NOT NULL,
    kind text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    CONSTRAINT printers_check CHECK (((kind = 'browser'::text) OR (address <> ''::text))),
    CONSTRAINT printers_kind_check CHECK ((kind = ANY (ARRAY['raw'::text, 'zpl'::text, 'ipp'::text, 'browser'::text]))),
    CONSTRAINT printers_paper_check CHECK ((paper = ANY (ARRAY['label'::text, 'sheet'::text])))
);

ALTER TABLE printers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME printers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE proof_laws (
    proof_id bigint NOT NULL,
    "position" integer NOT NULL,
    trade text NOT NULL,
    law text NOT NULL,
    broken bigint NOT NULL,
    examples text[] NOT NULL,
    CONSTRAINT proof_laws_broken_check CHECK ((broken >= 0))
);

CREATE TABLE proof_links (
    hash bytea NOT NULL,
    job_id bigint NOT NULL,
    round integer NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE proofs (
    id bigint NOT NULL,
    asked_by bigint,
    asked_at timestamp with time zone NOT NULL,
    began_at timestamp with time zone,
    finished_at timestamp with time zone,
    error text DEFAULT ''::text NOT NULL,
    CONSTRAINT proofs_check CHECK (((finished_at IS NOT NULL) OR (error = ''::text)))
);

ALTER TABLE proofs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME proofs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE putaway_tasks (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    from_id bigint NOT NULL,
    quantity bigint NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    ref text NOT NULL,
    staff_id bigint,
    claimed_at timestamp with time zone,
    suggested_id bigint,
    suggested bigint DEFAULT 0 NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT putaway_tasks_check CHECK (((done >= 0) AND (done <= quantity))),
    CONSTRAINT putaway_tasks_quantity_check CHECK ((quantity > 0))
);

ALTER TABLE putaway_tasks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME putaway_tasks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE putting_away (
    staff_id bigint NOT NULL,
    bin_id bigint,
    task_id bigint,
    quantity bigint DEFAULT 0 NOT NULL,
    overfull boolean DEFAULT false NOT NULL,
    tote_id bigint,
    item_id bigint
);

CREATE TABLE quote_lines (
    quote_id bigint NOT NULL,
    line integer NOT NULL,
    sku text NOT NULL,
    name text NOT NULL,
    quantity bigint NOT NULL,
    price_minor bigint NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    CONSTRAINT quote_lines_line_check CHECK ((line > 0)),
    CONSTRAINT quote_lines_price_minor_check CHECK ((price_minor >= 0)),
    CONSTRAINT quote_lines_quantity_check CHECK ((quantity > 0))
);

CREATE SEQUENCE quote_numbers
    START WITH 1001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE quote_pictures (
    quote_id bigint NOT NULL,
    "position" integer NOT NULL,
    preview text NOT NULL,
    name text NOT NULL,
    CONSTRAINT quote_pictures_position_check CHECK (("position" > 0)),
    CONSTRAINT quote_pictures_preview_check CHECK ((preview ~ '^[0-9a-f]{64}$'::text))
);

CREATE TABLE quotes (
    id bigint NOT NULL,
    number bigint NOT NULL,
    submission text NOT NULL,
    submitted bytea NOT NULL,
    warehouse_id bigint NOT NULL,
    form jsonb NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    words text DEFAULT ''::text NOT NULL,
    currency text NOT NULL,
    goods_minor bigint NOT NULL,
    shipping_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    valid_until timestamp with time zone NOT NULL,
    token text NOT NULL,
    made_by bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    accepted_as text DEFAULT ''::text NOT NULL,
    order_id bigint,
    declined_at timestamp with time zone,
    declined_why text DEFAULT ''::text NOT NULL,
    withdrawn_at timestamp with time zone,
    withdrawn_by bigint,
    wanted_at timestamp with time zone,
    CONSTRAINT quotes_check CHECK ((total_minor = ((goods_minor + shipping_minor) + tax_minor))),
    CONSTRAINT quotes_check1 CHECK ((num_nonnulls(accepted_at, declined_at, withdrawn_at) <= 1)),
    CONSTRAINT quotes_check2 CHECK (((accepted_at IS NULL) = (order_id IS NULL)))
);

ALTER TABLE quotes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME quotes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE receipt_counts (
    scan uuid NOT NULL,
    line_id bigint NOT NULL,
    quantity bigint NOT NULL,
    CONSTRAINT receipt_counts_quantity_check CHECK ((quantity > 0))
);

CREATE TABLE receipt_expected (
    receipt_id bigint NOT NULL,
    expected_id bigint NOT NULL
);

CREATE TABLE receipt_lines (
    id bigint NOT NULL,
    receipt_id bigint NOT NULL,
    expected_line_id bigint,
    item_id bigint NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    condition text DEFAULT 'good'::text NOT NULL,
    quantity bigint NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    photo text,
    CONSTRAINT receipt_lines_condition_check CHECK ((condition = ANY (ARRAY['good'::text, 'damaged'::text, 'wrong'::text]))),
    CONSTRAINT receipt_lines_quantity_check CHECK ((quantity >= 0))
);

ALTER TABLE receipt_lines ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME receipt_lines_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE receipt_units (
    sscc text NOT NULL,
    receipt_id bigint NOT NULL,
    scan uuid NOT NULL
);

CREATE TABLE receipts (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    dock_id bigint NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    blind boolean DEFAULT false NOT NULL,
    opened_by bigint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_by bigint,
    closed_at timestamp with time zone,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT receipts_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text])))
);

ALTER TABLE receipts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME receipts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE receivers (
    receipt_id bigint NOT NULL,
    staff_id bigint NOT NULL,
    line_id bigint,
    damaged boolean DEFAULT false NOT NULL,
    question text DEFAULT ''::text NOT NULL,
    item_id bigint,
    quantity bigint DEFAULT 0 NOT NULL,
    expected_id bigint,
    lot text DEFAULT ''::text NOT NULL,
    expires_on date,
    pallet_id bigint,
    CONSTRAINT receivers_question_check CHECK ((question = ANY (ARRAY[''::text, 'over'::text, 'elsewhere'::text, 'blind'::text, 'close'::text, 'lot'::text, 'serial'::text, 'expiry'::text, 'expired'::text, 'dates'::text])))
);

CREATE TABLE refunds (
    id bigint NOT NULL,
    submission text NOT NULL,
    payment_id bigint NOT NULL,
    order_id bigint NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    state text DEFAULT 'asked'::text NOT NULL,
    because text DEFAULT ''::text NOT NULL,
    stripe_id text,
    asked_by bigint,
    asked_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT refunds_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT refunds_check CHECK (((state = 'asked'::text) = (settled_at IS NULL))),
    CONSTRAINT refunds_check1 CHECK (((state <> 'sent'::text) OR (stripe_id IS NOT NULL))),
    CONSTRAINT refunds_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'sent'::text, 'failed'::text])))
);

ALTER TABLE refunds ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME refunds_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE relocations (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    location_id bigint NOT NULL,
    from_id bigint,
    to_id bigint,
    staff_id bigint,
    scan uuid
);

ALTER TABLE relocations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME relocations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE replenishing (
    staff_id bigint NOT NULL,
    hand_id bigint,
    source_id bigint,
    bin_id bigint,
    task_id bigint
);

CREATE TABLE replenishments (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    item_id bigint NOT NULL,
    from_id bigint NOT NULL,
    face_id bigint NOT NULL,
    quantity bigint NOT NULL,
    taken bigint DEFAULT 0 NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    reason text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    staff_id bigint,
    claimed_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT replenishments_check CHECK ((face_id <> from_id)),
    CONSTRAINT replenishments_check1 CHECK (((done >= 0) AND (done <= taken))),
    CONSTRAINT replenishments_check2 CHECK (((state = 'open'::text) = (closed_at IS NULL))),
    CONSTRAINT replenishments_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT replenishments_reason_check CHECK ((reason = ANY (ARRAY['demand'::text, 'minimum'::text]))),
    CONSTRAINT replenishments_state_check CHECK ((state = ANY (ARRAY['open'::text, 'done'::text, 'cancelled'::text]))),
    CONSTRAINT replenishments_taken_check CHECK ((taken >= 0))
);

ALTER TABLE replenishments ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME replenishments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE reservations (
    ref text NOT NULL,
    document text NOT NULL,
    warehouse_id bigint NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    wanted bigint NOT NULL,
    held bigint DEFAULT 0 NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    due timestamp with time zone NOT NULL,
    since timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT reservations_check CHECK (((held >= 0) AND (held <= wanted))),
    CONSTRAINT reservations_wanted_check CHECK ((wanted > 0))
);

CREATE TABLE return_counts (
    scan uuid NOT NULL,
    line_id bigint NOT NULL,
    quantity bigint NOT NULL,
    CONSTRAINT return_counts_quantity_check CHECK ((quantity > 0))
);

CREATE TABLE return_extras (
    id bigint NOT NULL,
    return_id bigint NOT NULL,
    item_id bigint NOT NULL,
    quantity bigint NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    staff_id bigint NOT NULL,
    scan uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT return_extras_quantity_check CHECK ((quantity > 0))
);

ALTER TABLE return_extras ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME return_extras_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE return_hands (
    return_id bigint NOT NULL,
    staff_id bigint NOT NULL,
    item_id bigint,
    quantity bigint DEFAULT 1 NOT NULL,
    lot_id bigint,
    CONSTRAINT return_hands_quantity_check CHECK ((quantity > 0))
);

CREATE TABLE return_lines (
    id bigint NOT NULL,
    return_id bigint NOT NULL,
    ref text NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    quantity bigint NOT NULL,
    received bigint DEFAULT 0 NOT NULL,
    reason text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    wish text DEFAULT 'refund'::text NOT NULL,
    photo text,
    settled bigint DEFAULT 0 NOT NULL,
    CONSTRAINT return_lines_check CHECK ((received <= quantity)),
    CONSTRAINT return_lines_check1 CHECK (((settled >= 0) AND (settled <= received))),
    CONSTRAINT return_lines_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT return_lines_reason_check CHECK ((reason = ANY (ARRAY['damaged'::text, 'wrong item'::text, 'not as described'::text, 'changed mind'::text, 'arrived late'::text, 'other'::text, 'undelivered'::text]))),
    CONSTRAINT return_lines_received_check CHECK ((received >= 0)),
    CONSTRAINT return_lines_wish_check CHECK ((wish = ANY (ARRAY['refund'::text, 'replacement'::text])))
);

ALTER TABLE return_lines ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME return_lines_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE returns (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    ref text NOT NULL,
    submission text NOT NULL,
    state text DEFAULT 'authorised'::text NOT NULL,
    origin text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    authorised_by bigint,
    authorised_at timestamp with time zone NOT NULL,
    received_by bigint,
    received_at timestamp with time zone,
    inspected_at timestamp with time zone,
    CONSTRAINT returns_check CHECK (((state = ANY (ARRAY['authorised'::text, 'cancelled'::text])) OR (received_at IS NOT NULL))),
    CONSTRAINT returns_check1 CHECK (((state <> 'inspected'::text) OR (inspected_at IS NOT NULL))),
    CONSTRAINT returns_origin_check CHECK ((origin = ANY (ARRAY['customer'::text, 'staff'::text, 'carrier'::text]))),
    CONSTRAINT returns_state_check CHECK ((state = ANY (ARRAY['authorised'::text, 'received'::text, 'inspected'::text, 'cancelled'::text])))
);

ALTER TABLE returns ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME returns_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE scans (
    key uuid NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    staff_id bigint NOT NULL,
    station_id bigint,
    ref text NOT NULL,
    raw text NOT NULL,
    result text NOT NULL,
    message text NOT NULL,
    step jsonb NOT NULL,
    undone_by uuid,
    CONSTRAINT scans_result_check CHECK ((result = ANY (ARRAY['right'::text, 'wrong'::text, 'decide'::text, 'done'::text])))
);

ALTER TABLE scans ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME scans_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE sessions (
    token_hash bytea NOT NULL,
    staff_id bigint NOT NULL,
    station_id bigint,
    device text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    warehouse_id bigint
);

CREATE TABLE settings (
    only_row boolean DEFAULT true NOT NULL,
    company text NOT NULL,
    currency text DEFAULT 'EUR'::text NOT NULL,
    base_url text DEFAULT 'http://127.0.0.1:8080'::text NOT NULL,
    mail_from text DEFAULT 'orders@localhost'::text NOT NULL,
    contact jsonb DEFAULT '{}'::jsonb NOT NULL,
    tax_permille integer DEFAULT 0 NOT NULL,
    shipping_base_minor bigint DEFAULT 0 NOT NULL,
    shipping_per_kg_minor bigint DEFAULT 0 NOT NULL,
    promise_days integer DEFAULT 3 NOT NULL,
    feedback_days integer DEFAULT 5 NOT NULL,
    feedback_fallback_days integer DEFAULT 14 NOT NULL,
    return_days integer DEFAULT 30 NOT NULL,
    web_warehouse_id bigint,
    how_to_pay text DEFAULT ''::text NOT NULL,
    letter_language text DEFAULT 'en'::text NOT NULL,
    reminder_days integer DEFAULT 7 NOT NULL,
    legal_lines text DEFAULT ''::text NOT NULL,
    tax_number text DEFAULT ''::text NOT NULL,
    bank_details text DEFAULT ''::text NOT NULL,
    departments jsonb DEFAULT '{}'::jsonb NOT NULL,
    warn_hours integer DEFAULT 24 NOT NULL,
    CONSTRAINT settings_bank_details_check CHECK ((length(bank_details) <= 1000)),
    CONSTRAINT settings_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT settings_feedback_days_check CHECK (((feedback_days >= 0) AND (feedback_days <= 365))),
    CONSTRAINT settings_feedback_fallback_days_check CHECK (((feedback_fallback_days >= 0) AND (feedback_fallback_days <= 365))),
    CONSTRAINT settings_how_to_pay_check CHECK ((length(how_to_pay) <= 1000)),
    CONSTRAINT settings_legal_lines_check CHECK ((length(legal_lines) <= 1000)),
    CONSTRAINT settings_letter_language_check CHECK ((letter_language = ANY (ARRAY['en'::text, 'de'::text, 'country'::text]))),
    CONSTRAINT settings_only_row_check CHECK (only_row),
    CONSTRAINT settings_promise_days_check CHECK (((promise_days >= 0) AND (promise_days <= 365))),
    CONSTRAINT settings_reminder_days_check CHECK (((reminder_days >= 0) AND (reminder_days <= 365))),
    CONSTRAINT settings_return_days_check CHECK (((return_days >= 0) AND (return_days <= 3650))),
    CONSTRAINT settings_shipping_base_minor_check CHECK ((shipping_base_minor >= 0)),
    CONSTRAINT settings_shipping_per_kg_minor_check CHECK ((shipping_per_kg_minor >= 0)),
    CONSTRAINT settings_tax_number_check CHECK ((length(tax_number) <= 60)),
    CONSTRAINT settings_tax_permille_check CHECK (((tax_permille >= 0) AND (tax_permille <= 1000))),
    CONSTRAINT settings_warn_hours_check CHECK (((warn_hours >= 0) AND (warn_hours <= 240)))
);

CREATE TABLE settlements (
    id bigint NOT NULL,
    submission text NOT NULL,
    return_id bigint NOT NULL,
    line_id bigint NOT NULL,
    what text NOT NULL,
    quantity bigint NOT NULL,
    amount_minor bigint DEFAULT 0 NOT NULL,
    payment_id bigint,
    order_id bigint,
    reason text DEFAULT ''::text NOT NULL,
    staff_id bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT settlements_amount_minor_check CHECK ((amount_minor >= 0)),
    CONSTRAINT settlements_check CHECK ((((what = 'refund'::text) = (payment_id IS NOT NULL)) AND ((what = 'replacement'::text) = (order_id IS NOT NULL)))),
    CONSTRAINT settlements_check1 CHECK ((((what = 'refund'::text) = (amount_minor > 0)) AND ((what <> 'nothing'::text) OR (reason <> ''::text)))),
    CONSTRAINT settlements_quantity_check CHECK ((quantity > 0)),
    CONSTRAINT settlements_what_check CHECK ((what = ANY (ARRAY['refund'::text, 'replacement'::text, 'nothing'::text])))
);

ALTER TABLE settlements ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME settlements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE shipment_cartons (
    carton_id bigint NOT NULL,
    shipment_id bigint NOT NULL,
    package_number text NOT NULL,
    tracking_number text NOT NULL,
    booked_at timestamp with time zone NOT NULL,
    manifest_id bigint,
    loaded_at timestamp with time zone,
    loaded_by bigint,
    scan uuid,
    delivered_at timestamp with time zone,
    void_at timestamp with time zone,
    pallet_id bigint,
    pallet_scan uuid,
    CONSTRAINT shipment_cartons_check CHECK (((manifest_id IS NULL) = (loaded_at IS NULL))),
    CONSTRAINT shipment_cartons_check1 CHECK (((void_at IS NULL) OR (manifest_id IS NULL))),
    CONSTRAINT shipment_cartons_pallet_check CHECK ((((pallet_id IS NULL) = (pallet_scan IS NULL)) AND ((pallet_id IS NULL) OR (void_at IS NULL))))
);

CREATE TABLE shipment_choices (
    shipment_id bigint NOT NULL,
    how text NOT NULL,
    why text NOT NULL,
    trip jsonb NOT NULL,
    offers jsonb NOT NULL,
    staff_id bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT shipment_choices_how_check CHECK ((how = ANY (ARRAY['ordered'::text, 'rule'::text, 'cheapest'::text, 'person'::text])))
);

CREATE TABLE shipment_orders (
    shipment_id bigint NOT NULL,
    ref text NOT NULL,
    tracking_url text DEFAULT ''::text NOT NULL
);

CREATE TABLE shipments (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    state text DEFAULT 'planned'::text NOT NULL,
    carrier text NOT NULL,
    carrier_name text DEFAULT ''::text NOT NULL,
    service text NOT NULL,
    tracking_number text,
    numbered_at timestamp with time zone,
    numbered_by bigint,
    recipient text NOT NULL,
    company text DEFAULT ''::text NOT NULL,
    street text NOT NULL,
    street2 text DEFAULT ''::text NOT NULL,
    city text NOT NULL,
    postcode text NOT NULL,
    region text DEFAULT ''::text NOT NULL,
    country text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    notes text DEFAULT ''::text NOT NULL,
    tracking_url text DEFAULT ''::text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    booked_at timestamp with time zone,
    dispatched_at timestamp with time zone,
    expected_on date,
    delivered_at timestamp with time zone,
    CONSTRAINT shipments_check CHECK (((state = ANY (ARRAY['planned'::text, 'cancelled'::text])) OR ((tracking_number IS NOT NULL) AND (booked_at IS NOT NULL)))),
    CONSTRAINT shipments_check1 CHECK (((state = ANY (ARRAY['planned'::text, 'booked'::text, 'cancelled'::text])) OR ((dispatched_at IS NOT NULL) AND (numbered_at IS NOT NULL) AND (expected_on IS NOT NULL)))),
    CONSTRAINT shipments_check2 CHECK (((state = 'delivered'::text) = (delivered_at IS NOT NULL))),
    CONSTRAINT shipments_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT shipments_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'booked'::text, 'dispatched'::text, 'in transit'::text, 'exception'::text, 'delivered'::text, 'cancelled'::text])))
);

ALTER TABLE shipments ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME shipments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE shipping_rules (
    only_row boolean DEFAULT true NOT NULL,
    still_days integer DEFAULT 4 NOT NULL,
    CONSTRAINT shipping_rules_only_row_check CHECK (only_row),
    CONSTRAINT shipping_rules_still_days_check CHECK (((still_days >= 1) AND (still_days <= 60)))
);

CREATE TABLE sign_in_failures (
    subject text NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone DEFAULT now() NOT NULL,
    locked_until timestamp with time zone,
    CONSTRAINT sign_in_failures_failures_check CHECK ((failures > 0))
);

CREATE TABLE sorters (
    staff_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    wall_id bigint,
    tote_id bigint,
    demand_id bigint,
    ref text,
    item_id bigint,
    lot_id bigint DEFAULT 0 NOT NULL,
    quantity bigint DEFAULT 0 NOT NULL,
    slot_id bigint
);

CREATE SEQUENCE sscc_serial
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE staff (
    id bigint NOT NULL,
    name text NOT NULL,
    badge text NOT NULL,
    pin_hash text NOT NULL,
    roles text[] NOT NULL,
    warehouse_id bigint NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    password_hash text,
    CONSTRAINT staff_badge_check CHECK ((badge ~ '^S-[A-Z2-7]{10,26}$'::text)),
    CONSTRAINT staff_roles_check CHECK ((roles <@ ARRAY['receiver'::text, 'picker'::text, 'packer'::text, 'shipper'::text, 'driver'::text, 'image processor'::text, 'artist'::text, 'art control'::text, 'production'::text, 'fulfiller'::text, 'client support'::text, 'sales'::text, 'clerk'::text, 'manager'::text, 'admin'::text]))
);

ALTER TABLE staff ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME staff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE staff_warehouses (
    staff_id bigint NOT NULL,
    warehouse_id bigint NOT NULL
);

CREATE TABLE stations (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    location_id bigint,
    dpi integer DEFAULT 203 NOT NULL,
    CONSTRAINT stations_code_check CHECK ((code ~ '^K-[A-Z0-9-]{1,24}$'::text)),
    CONSTRAINT stations_dpi_check CHECK ((dpi = ANY (ARRAY[203, 300]))),
    CONSTRAINT stations_kind_check CHECK ((kind = ANY (ARRAY['receiving'::text, 'packing'::text, 'loading'::text, 'office'::text])))
);

ALTER TABLE stations ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME stations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE studio_settings (
    only_row boolean DEFAULT true NOT NULL,
    most_open integer DEFAULT 5 NOT NULL,
    remind_hours integer DEFAULT 48 NOT NULL,
    reminders integer DEFAULT 2 NOT NULL,
    link_days integer DEFAULT 30 NOT NULL,
    CONSTRAINT studio_settings_link_days_check CHECK (((link_days >= 1) AND (link_days <= 365))),
    CONSTRAINT studio_settings_most_open_check CHECK (((most_open >= 1) AND (most_open <= 1000))),
    CONSTRAINT studio_settings_only_row_check CHECK (only_row),
    CONSTRAINT studio_settings_remind_hours_check CHECK (((remind_hours >= 1) AND (remind_hours <= 2160))),
    CONSTRAINT studio_settings_reminders_check CHECK (((reminders >= 0) AND (reminders <= 20)))
);

CREATE TABLE suppliers (
    id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    over_percent integer,
    inspect_every integer DEFAULT 0 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    CONSTRAINT suppliers_code_check CHECK ((code ~ '^[A-Z0-9][A-Z0-9.-]{0,19}$'::text)),
    CONSTRAINT suppliers_inspect_every_check CHECK (((inspect_every >= 0) AND (inspect_every <= 1000))),
    CONSTRAINT suppliers_name_check CHECK ((name <> ''::text)),
    CONSTRAINT suppliers_over_percent_check CHECK (((over_percent >= 0) AND (over_percent <= 1000)))
);

ALTER TABLE suppliers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME suppliers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tax_rates (
    permille integer NOT NULL,
    CONSTRAINT tax_rates_permille_check CHECK (((permille >= 0) AND (permille <= 1000)))
);

CREATE TABLE tool_events (
    id bigint NOT NULL,
    tool_id bigint NOT NULL,
    what text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    staff_id bigint,
    at timestamp with time zone NOT NULL
);

ALTER TABLE tool_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME tool_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tool_kinds (
    id bigint NOT NULL,
    name text NOT NULL,
    price_minor bigint NOT NULL,
    instructions text DEFAULT ''::text NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT tool_kinds_name_check CHECK ((name <> ''::text)),
    CONSTRAINT tool_kinds_price_minor_check CHECK ((price_minor >= 0))
);

ALTER TABLE tool_kinds ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME tool_kinds_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tools (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    kind_id bigint NOT NULL,
    document text NOT NULL,
    charged_minor bigint NOT NULL,
    hash text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'wanted'::text NOT NULL,
    place text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT tools_charged_minor_check CHECK ((charged_minor >= 0)),
    CONSTRAINT tools_check CHECK ((((state = 'made'::text) = (place <> ''::text)) OR (state = ANY (ARRAY['lost'::text, 'broken'::text, 'retired'::text])))),
    CONSTRAINT tools_state_check CHECK ((state = ANY (ARRAY['wanted'::text, 'begun'::text, 'made'::text, 'lost'::text, 'broken'::text, 'retired'::text, 'cancelled'::text])))
);

ALTER TABLE tools ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME tools_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tote_lines (
    tote_id bigint NOT NULL,
    ref text NOT NULL,
    demand_id bigint NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint DEFAULT 0 NOT NULL,
    quantity bigint NOT NULL,
    CONSTRAINT tote_lines_quantity_check CHECK ((quantity > 0))
);

CREATE TABLE tracking_events (
    id bigint NOT NULL,
    shipment_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    event_key text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    staff_id bigint,
    heard_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT tracking_events_kind_check CHECK ((kind = ANY (ARRAY['booked'::text, 'dispatched'::text, 'in transit'::text, 'exception'::text, 'delivered'::text, 'note'::text]))),
    CONSTRAINT tracking_events_source_check CHECK ((source = ANY (ARRAY['hand'::text, 'scan'::text, 'api'::text, 'carrier'::text, 'system'::text])))
);

ALTER TABLE tracking_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME tracking_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE transfer_lines (
    transfer_id bigint NOT NULL,
    item_id bigint NOT NULL,
    quantity bigint NOT NULL,
    CONSTRAINT transfer_lines_quantity_check CHECK (((quantity >= 1) AND (quantity <= 1000000)))
);

CREATE TABLE transfer_takes (
    id bigint NOT NULL,
    transfer_id bigint NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint NOT NULL,
    location_id bigint NOT NULL,
    quantity bigint NOT NULL,
    key uuid NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    put_back_at timestamp with time zone,
    CONSTRAINT transfer_takes_quantity_check CHECK ((quantity > 0))
);

ALTER TABLE transfer_takes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME transfer_takes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE transfers (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    to_id bigint NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    asked_by bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    sent_by bigint,
    sent_at timestamp with time zone,
    ended_at timestamp with time zone,
    expected_id bigint,
    CONSTRAINT transfers_check CHECK ((warehouse_id <> to_id)),
    CONSTRAINT transfers_check1 CHECK (((state = ANY (ARRAY['sent'::text, 'received'::text])) = (expected_id IS NOT NULL))),
    CONSTRAINT transfers_check2 CHECK (((state = ANY (ARRAY['sent'::text, 'received'::text])) = (sent_at IS NOT NULL))),
    CONSTRAINT transfers_check3 CHECK (((state = ANY (ARRAY['received'::text, 'cancelled'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT transfers_state_check CHECK ((state = ANY (ARRAY['open'::text, 'sent'::text, 'received'::text, 'cancelled'::text])))
);

ALTER TABLE transfers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME transfers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE trouble_acts (
    id bigint NOT NULL,
    trouble_id bigint NOT NULL,
    submission text NOT NULL,
    what text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE trouble_acts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME trouble_acts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE troubles (
    id bigint NOT NULL,
    shipment_id bigint NOT NULL,
    what text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    since timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    settled_by bigint,
    how text DEFAULT ''::text NOT NULL,
    CONSTRAINT troubles_check CHECK (((settled_at IS NULL) OR (how <> ''::text))),
    CONSTRAINT troubles_what_check CHECK ((what = ANY (ARRAY['no movement'::text, 'address'::text, 'returned to sender'::text, 'failed delivery'::text, 'label refused'::text])))
);

ALTER TABLE troubles ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME troubles_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE warehouse_items (
    warehouse_id bigint NOT NULL,
    item_id bigint NOT NULL,
    home_id bigint
);

CREATE TABLE warehouses (
    id bigint NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    gs1_prefix text NOT NULL,
    company text NOT NULL,
    street text NOT NULL,
    city text NOT NULL,
    postcode text NOT NULL,
    country text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    removal text DEFAULT 'fefo'::text NOT NULL,
    putaway_order text[] DEFAULT '{home,same,empty,overflow}'::text[] NOT NULL,
    photo_first boolean DEFAULT false NOT NULL,
    CONSTRAINT warehouses_code_check CHECK ((code ~ '^[A-Z0-9]{1,8}$'::text)),
    CONSTRAINT warehouses_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT warehouses_gs1_prefix_check CHECK ((gs1_prefix ~ '^[0-9]{7,10}$'::text)),
    CONSTRAINT warehouses_removal_check CHECK ((removal = ANY (ARRAY['fefo'::text, 'fifo'::text, 'closest'::text])))
);

ALTER TABLE warehouses ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME warehouses_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE wave_demands (
    wave_id bigint NOT NULL,
    demand_id bigint NOT NULL
);

CREATE TABLE wave_slots (
    template_id bigint NOT NULL,
    slot timestamp with time zone NOT NULL,
    ran_at timestamp with time zone NOT NULL,
    wave_id bigint,
    note text DEFAULT ''::text NOT NULL
);

CREATE TABLE wave_templates (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    name text NOT NULL,
    filter jsonb DEFAULT '{}'::jsonb NOT NULL,
    method text NOT NULL,
    limits jsonb DEFAULT '{}'::jsonb NOT NULL,
    shortage text DEFAULT 'orders'::text NOT NULL,
    search_ms integer DEFAULT 0 NOT NULL,
    days smallint[] DEFAULT '{}'::smallint[] NOT NULL,
    times time without time zone[] DEFAULT '{}'::time without time zone[] NOT NULL,
    time_zone text DEFAULT ''::text NOT NULL,
    on_holidays boolean DEFAULT false NOT NULL,
    keep_open integer DEFAULT 0 NOT NULL,
    sleeps_until timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT wave_templates_keep_open_check CHECK ((keep_open >= 0)),
    CONSTRAINT wave_templates_method_check CHECK ((method = ANY (ARRAY['piece'::text, 'batch'::text, 'cluster'::text, 'zone'::text]))),
    CONSTRAINT wave_templates_name_check CHECK ((name <> ''::text)),
    CONSTRAINT wave_templates_search_ms_check CHECK (((search_ms >= 0) AND (search_ms <= 60000))),
    CONSTRAINT wave_templates_shortage_check CHECK ((shortage = ANY (ARRAY['orders'::text, 'lines'::text])))
);

ALTER TABLE wave_templates ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME wave_templates_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE waves (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    template_id bigint,
    name text NOT NULL,
    method text NOT NULL,
    released_by bigint,
    released_at timestamp with time zone NOT NULL,
    orders integer NOT NULL,
    lines integer NOT NULL,
    units bigint NOT NULL,
    weight_g bigint NOT NULL,
    planned_mm bigint NOT NULL,
    named_mm bigint NOT NULL,
    first_mm bigint NOT NULL,
    left_out jsonb DEFAULT '[]'::jsonb NOT NULL,
    bound_mm bigint DEFAULT 0 NOT NULL,
    CONSTRAINT waves_method_check CHECK ((method = ANY (ARRAY['piece'::text, 'batch'::text, 'cluster'::text, 'zone'::text])))
);

ALTER TABLE waves ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME waves_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE work_counts (
    id bigint NOT NULL,
    scan uuid NOT NULL,
    work_order_id bigint NOT NULL,
    kind text NOT NULL,
    quantity bigint NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    unmade boolean DEFAULT false NOT NULL,
    staff_id bigint NOT NULL,
    station_id bigint,
    at timestamp with time zone NOT NULL,
    undone_by uuid,
    CONSTRAINT work_counts_kind_check CHECK ((kind = ANY (ARRAY['started'::text, 'drawn'::text, 'made'::text, 'scrapped'::text, 'passed'::text]))),
    CONSTRAINT work_counts_quantity_check CHECK ((quantity >= 0))
);

ALTER TABLE work_counts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME work_counts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE work_files (
    work_order_id bigint NOT NULL,
    decision_id bigint NOT NULL,
    version integer NOT NULL,
    hash text NOT NULL
);

CREATE TABLE work_orders (
    id bigint NOT NULL,
    ref text NOT NULL,
    document text NOT NULL,
    warehouse_id bigint NOT NULL,
    item_id bigint NOT NULL,
    sku text NOT NULL,
    product text NOT NULL,
    lot_id bigint NOT NULL,
    blank_id bigint,
    instructions text DEFAULT ''::text NOT NULL,
    pieces bigint NOT NULL,
    due timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    drawn bigint DEFAULT 0 NOT NULL,
    made bigint DEFAULT 0 NOT NULL,
    good bigint DEFAULT 0 NOT NULL,
    scrapped bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    notes text DEFAULT ''::text NOT NULL,
    partner_id bigint,
    straight boolean DEFAULT false NOT NULL,
    partner_state text DEFAULT ''::text NOT NULL,
    partner_number text DEFAULT ''::text NOT NULL,
    partner_since timestamp with time zone,
    handed_at timestamp with time zone,
    fulfiller_id bigint,
    again bigint DEFAULT 0 NOT NULL,
    CONSTRAINT work_orders_again_check CHECK ((again >= 0)),
    CONSTRAINT work_orders_check CHECK (((good >= 0) AND (good <= pieces))),
    CONSTRAINT work_orders_check1 CHECK (((made + good) <= pieces)),
    CONSTRAINT work_orders_check2 CHECK (((blank_id IS NULL) OR (drawn >= ((made + good) + scrapped)))),
    CONSTRAINT work_orders_check3 CHECK ((((state = 'finished'::text) = (good = pieces)) OR (state = 'cancelled'::text))),
    CONSTRAINT work_orders_drawn_check CHECK ((drawn >= 0)),
    CONSTRAINT work_orders_made_check CHECK ((made >= 0)),
    CONSTRAINT work_orders_partner_check CHECK ((((partner_id IS NULL) = (partner_state = ''::text)) AND ((partner_id IS NULL) = (partner_since IS NULL)) AND ((partner_id IS NOT NULL) OR (NOT straight)) AND ((partner_id IS NULL) OR (blank_id IS NULL)))),
    CONSTRAINT work_orders_partner_state_check CHECK ((partner_state = ANY (ARRAY[''::text, 'waiting'::text, 'handed'::text, 'accepted'::text, 'sent'::text, 'over'::text]))),
    CONSTRAINT work_orders_pieces_check CHECK ((pieces > 0)),
    CONSTRAINT work_orders_scrapped_check CHECK ((scrapped >= 0)),
    CONSTRAINT work_orders_state_check CHECK ((state = ANY (ARRAY['open'::text, 'started'::text, 'finished'::text, 'cancelled'::text])))
);

ALTER TABLE work_orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME work_orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE zone_rules (
    zone_id bigint NOT NULL,
    proof text DEFAULT 'item'::text NOT NULL,
    hand_over_id bigint,
    CONSTRAINT zone_rules_proof_check CHECK ((proof = ANY (ARRAY['bin'::text, 'item'::text, 'unit'::text])))
);

ALTER TABLE ONLY api_requests
    ADD CONSTRAINT api_requests_pkey PRIMARY KEY (token_id, key);

ALTER TABLE ONLY api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY api_tokens
    ADD CONSTRAINT api_tokens_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY art_batch_files
    ADD CONSTRAINT art_batch_files_pkey PRIMARY KEY (batch_id, number);

ALTER TABLE ONLY art_batches
    ADD CONSTRAINT art_batches_pkey PRIMARY KEY (id);

ALTER TABLE ONLY art_decision_files
    ADD CONSTRAINT art_decision_files_pkey PRIMARY KEY (decision_id, version);

ALTER TABLE ONLY art_decisions
    ADD CONSTRAINT art_decisions_job_id_id_verdict_key UNIQUE (job_id, id, verdict);

ALTER TABLE ONLY art_decisions
    ADD CONSTRAINT art_decisions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY art_events
    ADD CONSTRAINT art_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY art_jobs
    ADD CONSTRAINT art_jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY art_jobs
    ADD CONSTRAINT art_jobs_ref_key UNIQUE (ref);

ALTER TABLE ONLY art_pictures
    ADD CONSTRAINT art_pictures_pkey PRIMARY KEY (job_id, number);

ALTER TABLE ONLY art_versions
    ADD CONSTRAINT art_versions_job_id_number_hash_key UNIQUE (job_id, number, hash);

ALTER TABLE ONLY art_versions
    ADD CONSTRAINT art_versions_pkey PRIMARY KEY (job_id, number);

ALTER TABLE ONLY artists
    ADD CONSTRAINT artists_pkey PRIMARY KEY (staff_id);

ALTER TABLE ONLY audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY audit_seals
    ADD CONSTRAINT audit_seals_pkey PRIMARY KEY (upto);

ALTER TABLE ONLY balances
    ADD CONSTRAINT balances_pkey PRIMARY KEY (item_id, location_id, lot_id);

ALTER TABLE ONLY barcodes
    ADD CONSTRAINT barcodes_pkey PRIMARY KEY (code);

ALTER TABLE ONLY bin_classes
    ADD CONSTRAINT bin_classes_pkey PRIMARY KEY (class);

ALTER TABLE ONLY card_events
    ADD CONSTRAINT card_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY carrier_events
    ADD CONSTRAINT carrier_events_pkey PRIMARY KEY (system, event_key);

ALTER TABLE ONLY carrier_labels
    ADD CONSTRAINT carrier_labels_pkey PRIMARY KEY (carton_id);

ALTER TABLE ONLY carrier_labels
    ADD CONSTRAINT carrier_labels_reference_key UNIQUE (reference);

ALTER TABLE ONLY carrier_labels
    ADD CONSTRAINT carrier_labels_remote_id_key UNIQUE (remote_id);

ALTER TABLE ONLY carrier_manifests
    ADD CONSTRAINT carrier_manifests_pkey PRIMARY KEY (manifest_id);

ALTER TABLE ONLY carrier_papers
    ADD CONSTRAINT carrier_papers_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY carrier_polls
    ADD CONSTRAINT carrier_polls_pkey PRIMARY KEY (carton_id);

ALTER TABLE ONLY carrier_rates
    ADD CONSTRAINT carrier_rates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY carrier_rules
    ADD CONSTRAINT carrier_rules_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY carriers
    ADD CONSTRAINT carriers_pkey PRIMARY KEY (code);

ALTER TABLE ONLY cart_totes
    ADD CONSTRAINT cart_totes_pkey PRIMARY KEY (list_id, "position");

ALTER TABLE ONLY carton_lines
    ADD CONSTRAINT carton_lines_pkey PRIMARY KEY (carton_id, ref, tote_id, lot_id);

ALTER TABLE ONLY carton_materials
    ADD CONSTRAINT carton_materials_pkey PRIMARY KEY (carton_id, material_id);

ALTER TABLE ONLY carton_photos
    ADD CONSTRAINT carton_photos_carton_id_photo_key UNIQUE (carton_id, photo);

ALTER TABLE ONLY carton_photos
    ADD CONSTRAINT carton_photos_pkey PRIMARY KEY (id);

ALTER TABLE ONLY carton_types
    ADD CONSTRAINT carton_types_pkey PRIMARY KEY (id);

ALTER TABLE ONLY carton_types
    ADD CONSTRAINT carton_types_warehouse_id_code_key UNIQUE (warehouse_id, code);

ALTER TABLE ONLY cartons
    ADD CONSTRAINT cartons_location_id_key UNIQUE (location_id);

ALTER TABLE ONLY cartons
    ADD CONSTRAINT cartons_pkey PRIMARY KEY (id);

ALTER TABLE ONLY cartons
    ADD CONSTRAINT cartons_sscc_key UNIQUE (sscc);

ALTER TABLE ONLY checkout_orders
    ADD CONSTRAINT checkout_orders_pkey PRIMARY KEY (checkout_id, order_id);

ALTER TABLE ONLY checkouts
    ADD CONSTRAINT checkouts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY checkouts
    ADD CONSTRAINT checkouts_session_id_key UNIQUE (session_id);

ALTER TABLE ONLY checkouts
    ADD CONSTRAINT checkouts_token_key UNIQUE (token);

ALTER TABLE ONLY count_classes
    ADD CONSTRAINT count_classes_pkey PRIMARY KEY (warehouse_id, class);

ALTER TABLE ONLY count_lines
    ADD CONSTRAINT count_lines_pkey PRIMARY KEY (count_id, item_id, lot_id);

ALTER TABLE ONLY count_rules
    ADD CONSTRAINT count_rules_pkey PRIMARY KEY (warehouse_id);

ALTER TABLE ONLY count_scans
    ADD CONSTRAINT count_scans_pkey PRIMARY KEY (id);

ALTER TABLE ONLY count_scans
    ADD CONSTRAINT count_scans_scan_key UNIQUE (scan);

ALTER TABLE ONLY count_tasks
    ADD CONSTRAINT count_tasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY counting
    ADD CONSTRAINT counting_pkey PRIMARY KEY (staff_id);

ALTER TABLE ONLY counts
    ADD CONSTRAINT counts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY custom_items
    ADD CONSTRAINT custom_items_pkey PRIMARY KEY (item_id);

ALTER TABLE ONLY customer_links
    ADD CONSTRAINT customer_links_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY customer_materials
    ADD CONSTRAINT customer_materials_pkey PRIMARY KEY (customer_id, material_id);

ALTER TABLE ONLY customers
    ADD CONSTRAINT customers_letters_token_key UNIQUE (letters_token);

ALTER TABLE ONLY customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY demand_lines
    ADD CONSTRAINT demand_lines_demand_id_line_key UNIQUE (demand_id, line);

ALTER TABLE ONLY demand_lines
    ADD CONSTRAINT demand_lines_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY demand_materials
    ADD CONSTRAINT demand_materials_pkey PRIMARY KEY (demand_id, material_id);

ALTER TABLE ONLY demands
    ADD CONSTRAINT demands_pkey PRIMARY KEY (id);

ALTER TABLE ONLY demands
    ADD CONSTRAINT demands_ref_key UNIQUE (ref);

ALTER TABLE ONLY design_options
    ADD CONSTRAINT design_options_pkey PRIMARY KEY (design_id, name);

ALTER TABLE ONLY designs
    ADD CONSTRAINT designs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dispositions
    ADD CONSTRAINT dispositions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY dispositions
    ADD CONSTRAINT dispositions_scan_line_id_key UNIQUE (scan, line_id);

ALTER TABLE ONLY doorstep_parcels
    ADD CONSTRAINT doorstep_parcels_pkey PRIMARY KEY (doorstep_id, carton_id);

ALTER TABLE ONLY doorstep_scans
    ADD CONSTRAINT doorstep_scans_pkey PRIMARY KEY (carton_id);

ALTER TABLE ONLY doorsteps
    ADD CONSTRAINT doorsteps_pkey PRIMARY KEY (id);

ALTER TABLE ONLY doorsteps
    ADD CONSTRAINT doorsteps_submission_key UNIQUE (submission);

ALTER TABLE ONLY expected_lines
    ADD CONSTRAINT expected_lines_expected_id_line_key UNIQUE (expected_id, line);

ALTER TABLE ONLY expected_lines
    ADD CONSTRAINT expected_lines_pkey PRIMARY KEY (id);

ALTER TABLE ONLY expected_receipts
    ADD CONSTRAINT expected_receipts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY feedback
    ADD CONSTRAINT feedback_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY flows
    ADD CONSTRAINT flows_pkey PRIMARY KEY (id);

ALTER TABLE ONLY fulfillers
    ADD CONSTRAINT fulfillers_pkey PRIMARY KEY (staff_id);

ALTER TABLE ONLY group_orders
    ADD CONSTRAINT group_orders_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY holds
    ADD CONSTRAINT holds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY holidays
    ADD CONSTRAINT holidays_pkey PRIMARY KEY (warehouse_id, day);

ALTER TABLE ONLY inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY inspection_verdicts
    ADD CONSTRAINT inspection_verdicts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY inspections
    ADD CONSTRAINT inspections_pkey PRIMARY KEY (id);

ALTER TABLE ONLY inspections
    ADD CONSTRAINT inspections_receipt_id_item_id_lot_id_location_id_key UNIQUE (receipt_id, item_id, lot_id, location_id);

ALTER TABLE ONLY invoice_series
    ADD CONSTRAINT invoice_series_pkey PRIMARY KEY (series);

ALTER TABLE ONLY invoices
    ADD CONSTRAINT invoices_payment_id_key UNIQUE (payment_id);

ALTER TABLE ONLY invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (series, number);

ALTER TABLE ONLY item_classes
    ADD CONSTRAINT item_classes_pkey PRIMARY KEY (warehouse_id, item_id);

ALTER TABLE ONLY item_materials
    ADD CONSTRAINT item_materials_pkey PRIMARY KEY (item_id, material_id);

ALTER TABLE ONLY item_options
    ADD CONSTRAINT item_options_pkey PRIMARY KEY (id);

ALTER TABLE ONLY item_tools
    ADD CONSTRAINT item_tools_pkey PRIMARY KEY (item_id);

ALTER TABLE ONLY items
    ADD CONSTRAINT items_pkey PRIMARY KEY (id);

ALTER TABLE ONLY job_runs
    ADD CONSTRAINT job_runs_pkey PRIMARY KEY (job, slot);

ALTER TABLE ONLY letter_files
    ADD CONSTRAINT letter_files_pkey PRIMARY KEY (letter_id, name);

ALTER TABLE ONLY letter_timing
    ADD CONSTRAINT letter_timing_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY letter_wordings
    ADD CONSTRAINT letter_wordings_pkey PRIMARY KEY (kind, language, version);

ALTER TABLE ONLY letters
    ADD CONSTRAINT letters_kind_fact_recipient_key UNIQUE (kind, fact, recipient);

ALTER TABLE ONLY letters
    ADD CONSTRAINT letters_message_id_key UNIQUE (message_id);

ALTER TABLE ONLY letters
    ADD CONSTRAINT letters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY line_tools
    ADD CONSTRAINT line_tools_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY locations
    ADD CONSTRAINT locations_id_warehouse_id_allocatable_may_go_negative_key UNIQUE (id, warehouse_id, allocatable, may_go_negative);

ALTER TABLE ONLY locations
    ADD CONSTRAINT locations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY locations
    ADD CONSTRAINT locations_warehouse_id_kind_code_key UNIQUE (warehouse_id, kind, code);

ALTER TABLE ONLY lots
    ADD CONSTRAINT lots_pkey PRIMARY KEY (id);

ALTER TABLE ONLY makers
    ADD CONSTRAINT makers_pkey PRIMARY KEY (staff_id);

ALTER TABLE ONLY manifests
    ADD CONSTRAINT manifests_pkey PRIMARY KEY (id);

ALTER TABLE ONLY movements
    ADD CONSTRAINT movements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY moving
    ADD CONSTRAINT moving_pkey PRIMARY KEY (staff_id);

ALTER TABLE ONLY option_choices
    ADD CONSTRAINT option_choices_option_id_value_key UNIQUE (option_id, value);

ALTER TABLE ONLY option_choices
    ADD CONSTRAINT option_choices_pkey PRIMARY KEY (option_id, "position");

ALTER TABLE ONLY option_files
    ADD CONSTRAINT option_files_pkey PRIMARY KEY (token);

ALTER TABLE ONLY order_events
    ADD CONSTRAINT order_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY order_groups
    ADD CONSTRAINT order_groups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY order_line_options
    ADD CONSTRAINT order_line_options_pkey PRIMARY KEY (order_id, line, "position");

ALTER TABLE ONLY order_lines
    ADD CONSTRAINT order_lines_pkey PRIMARY KEY (order_id, line);

ALTER TABLE ONLY order_lines
    ADD CONSTRAINT order_lines_ref_key UNIQUE (ref);

ALTER TABLE ONLY orders
    ADD CONSTRAINT orders_journey_token_key UNIQUE (journey_token);

ALTER TABLE ONLY orders
    ADD CONSTRAINT orders_number_key UNIQUE (number);

ALTER TABLE ONLY orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY orders
    ADD CONSTRAINT orders_submission_key UNIQUE (submission);

ALTER TABLE ONLY pack_counts
    ADD CONSTRAINT pack_counts_pkey PRIMARY KEY (scan, leg);

ALTER TABLE ONLY pallets
    ADD CONSTRAINT pallets_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pallets
    ADD CONSTRAINT pallets_sscc_key UNIQUE (sscc);

ALTER TABLE ONLY papers
    ADD CONSTRAINT papers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY partner_events
    ADD CONSTRAINT partner_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY partners
    ADD CONSTRAINT partners_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pay_link_orders
    ADD CONSTRAINT pay_link_orders_pkey PRIMARY KEY (token, order_id);

ALTER TABLE ONLY pay_links
    ADD CONSTRAINT pay_links_pkey PRIMARY KEY (token);

ALTER TABLE ONLY pay_links
    ADD CONSTRAINT pay_links_submission_key UNIQUE (submission);

ALTER TABLE ONLY payment_orders
    ADD CONSTRAINT payment_orders_pkey PRIMARY KEY (payment_id, order_id);

ALTER TABLE ONLY payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY payments
    ADD CONSTRAINT payments_submission_key UNIQUE (submission);

ALTER TABLE ONLY pick_blocks
    ADD CONSTRAINT pick_blocks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pick_counts
    ADD CONSTRAINT pick_counts_pkey PRIMARY KEY (scan, task_id);

ALTER TABLE ONLY pick_faces
    ADD CONSTRAINT pick_faces_pkey PRIMARY KEY (location_id, item_id);

ALTER TABLE ONLY pick_lists
    ADD CONSTRAINT pick_lists_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pick_rules
    ADD CONSTRAINT pick_rules_pkey PRIMARY KEY (warehouse_id);

ALTER TABLE ONLY pick_tasks
    ADD CONSTRAINT pick_tasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY price_breaks
    ADD CONSTRAINT price_breaks_pkey PRIMARY KEY (item_id, currency, from_quantity);

ALTER TABLE ONLY prices
    ADD CONSTRAINT prices_pkey PRIMARY KEY (item_id, currency);

ALTER TABLE ONLY print_jobs
    ADD CONSTRAINT print_jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY printers
    ADD CONSTRAINT printers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY proof_laws
    ADD CONSTRAINT proof_laws_pkey PRIMARY KEY (proof_id, "position");

ALTER TABLE ONLY proof_links
    ADD CONSTRAINT proof_links_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY proofs
    ADD CONSTRAINT proofs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY putaway_tasks
    ADD CONSTRAINT putaway_tasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY putting_away
    ADD CONSTRAINT putting_away_pkey PRIMARY KEY (staff_id);

ALTER TABLE ONLY quote_lines
    ADD CONSTRAINT quote_lines_pkey PRIMARY KEY (quote_id, line);

ALTER TABLE ONLY quote_pictures
    ADD CONSTRAINT quote_pictures_pkey PRIMARY KEY (quote_id, "position");

ALTER TABLE ONLY quotes
    ADD CONSTRAINT quotes_number_key UNIQUE (number);

ALTER TABLE ONLY quotes
    ADD CONSTRAINT quotes_order_id_key UNIQUE (order_id);

ALTER TABLE ONLY quotes
    ADD CONSTRAINT quotes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY quotes
    ADD CONSTRAINT quotes_submission_key UNIQUE (submission);

ALTER TABLE ONLY quotes
    ADD CONSTRAINT quotes_token_key UNIQUE (token);

ALTER TABLE ONLY receipt_counts
    ADD CONSTRAINT receipt_counts_pkey PRIMARY KEY (scan, line_id);

ALTER TABLE ONLY receipt_expected
    ADD CONSTRAINT receipt_expected_pkey PRIMARY KEY (receipt_id, expected_id);

ALTER TABLE ONLY receipt_lines
    ADD CONSTRAINT receipt_lines_pkey PRIMARY KEY (id);

ALTER TABLE ONLY receipt_lines
    ADD CONSTRAINT receipt_lines_receipt_id_expected_line_id_item_id_lot_id_co_key UNIQUE NULLS NOT DISTINCT (receipt_id, expected_line_id, item_id, lot_id, condition);

ALTER TABLE ONLY receipt_units
    ADD CONSTRAINT receipt_units_pkey PRIMARY KEY (sscc);

ALTER TABLE ONLY receipts
    ADD CONSTRAINT receipts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY receivers
    ADD CONSTRAINT receivers_pkey PRIMARY KEY (receipt_id, staff_id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT refunds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT refunds_stripe_id_key UNIQUE (stripe_id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT refunds_submission_key UNIQUE (submission);

ALTER TABLE ONLY relocations
    ADD CONSTRAINT relocations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY replenishing
    ADD CONSTRAINT replenishing_pkey PRIMARY KEY (staff_id);

ALTER TABLE ONLY replenishments
    ADD CONSTRAINT replenishments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY reservations
    ADD CONSTRAINT reservations_pkey PRIMARY KEY (ref);

ALTER TABLE ONLY return_counts
    ADD CONSTRAINT return_counts_pkey PRIMARY KEY (scan, line_id);

ALTER TABLE ONLY return_extras
    ADD CONSTRAINT return_extras_pkey PRIMARY KEY (id);

ALTER TABLE ONLY return_extras
    ADD CONSTRAINT return_extras_scan_key UNIQUE (scan);

ALTER TABLE ONLY return_hands
    ADD CONSTRAINT return_hands_pkey PRIMARY KEY (return_id, staff_id);

ALTER TABLE ONLY return_lines
    ADD CONSTRAINT return_lines_pkey PRIMARY KEY (id);

ALTER TABLE ONLY return_lines
    ADD CONSTRAINT return_lines_return_id_ref_key UNIQUE (return_id, ref);

ALTER TABLE ONLY returns
    ADD CONSTRAINT returns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY returns
    ADD CONSTRAINT returns_submission_key UNIQUE (submission);

ALTER TABLE ONLY scans
    ADD CONSTRAINT scans_pkey PRIMARY KEY (key);

ALTER TABLE ONLY sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY settlements
    ADD CONSTRAINT settlements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY settlements
    ADD CONSTRAINT settlements_submission_line_id_key UNIQUE (submission, line_id);

ALTER TABLE ONLY shipment_cartons
    ADD CONSTRAINT shipment_cartons_package_number_key UNIQUE (package_number);

ALTER TABLE ONLY shipment_cartons
    ADD CONSTRAINT shipment_cartons_pkey PRIMARY KEY (carton_id);

ALTER TABLE ONLY shipment_choices
    ADD CONSTRAINT shipment_choices_pkey PRIMARY KEY (shipment_id);

ALTER TABLE ONLY shipment_orders
    ADD CONSTRAINT shipment_orders_pkey PRIMARY KEY (shipment_id, ref);

ALTER TABLE ONLY shipments
    ADD CONSTRAINT shipments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY shipping_rules
    ADD CONSTRAINT shipping_rules_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY sign_in_failures
    ADD CONSTRAINT sign_in_failures_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY sorters
    ADD CONSTRAINT sorters_pkey PRIMARY KEY (staff_id);

ALTER TABLE ONLY staff
    ADD CONSTRAINT staff_badge_key UNIQUE (badge);

ALTER TABLE ONLY staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (id);

ALTER TABLE ONLY staff_warehouses
    ADD CONSTRAINT staff_warehouses_pkey PRIMARY KEY (staff_id, warehouse_id);

ALTER TABLE ONLY stations
    ADD CONSTRAINT stations_code_key UNIQUE (code);

ALTER TABLE ONLY stations
    ADD CONSTRAINT stations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY studio_settings
    ADD CONSTRAINT studio_settings_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY suppliers
    ADD CONSTRAINT suppliers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tax_rates
    ADD CONSTRAINT tax_rates_pkey PRIMARY KEY (permille);

ALTER TABLE ONLY tool_events
    ADD CONSTRAINT tool_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tool_kinds
    ADD CONSTRAINT tool_kinds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tools
    ADD CONSTRAINT tools_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tote_lines
    ADD CONSTRAINT tote_lines_pkey PRIMARY KEY (tote_id, ref, lot_id);

ALTER TABLE ONLY tracking_events
    ADD CONSTRAINT tracking_events_event_key_key UNIQUE (event_key);

ALTER TABLE ONLY tracking_events
    ADD CONSTRAINT tracking_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY transfer_lines
    ADD CONSTRAINT transfer_lines_pkey PRIMARY KEY (transfer_id, item_id);

ALTER TABLE ONLY transfer_takes
    ADD CONSTRAINT transfer_takes_key_key UNIQUE (key);

ALTER TABLE ONLY transfer_takes
    ADD CONSTRAINT transfer_takes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY transfers
    ADD CONSTRAINT transfers_expected_id_key UNIQUE (expected_id);

ALTER TABLE ONLY transfers
    ADD CONSTRAINT transfers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY trouble_acts
    ADD CONSTRAINT trouble_acts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY trouble_acts
    ADD CONSTRAINT trouble_acts_submission_key UNIQUE (submission);

ALTER TABLE ONLY troubles
    ADD CONSTRAINT troubles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY warehouse_items
    ADD CONSTRAINT warehouse_items_pkey PRIMARY KEY (warehouse_id, item_id);

ALTER TABLE ONLY warehouses
    ADD CONSTRAINT warehouses_code_key UNIQUE (code);

ALTER TABLE ONLY warehouses
    ADD CONSTRAINT warehouses_pkey PRIMARY KEY (id);

ALTER TABLE ONLY wave_demands
    ADD CONSTRAINT wave_demands_pkey PRIMARY KEY (wave_id, demand_id);

ALTER TABLE ONLY wave_slots
    ADD CONSTRAINT wave_slots_pkey PRIMARY KEY (template_id, slot);

ALTER TABLE ONLY wave_templates
    ADD CONSTRAINT wave_templates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY wave_templates
    ADD CONSTRAINT wave_templates_warehouse_id_name_key UNIQUE (warehouse_id, name);

ALTER TABLE ONLY waves
    ADD CONSTRAINT waves_pkey PRIMARY KEY (id);

ALTER TABLE ONLY work_counts
    ADD CONSTRAINT work_counts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY work_counts
    ADD CONSTRAINT work_counts_scan_key UNIQUE (scan);

ALTER TABLE ONLY work_files
    ADD CONSTRAINT work_files_pkey PRIMARY KEY (work_order_id, version);

ALTER TABLE ONLY work_orders
    ADD CONSTRAINT work_orders_lot_id_key UNIQUE (lot_id);

ALTER TABLE ONLY work_orders
    ADD CONSTRAINT work_orders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY work_orders
    ADD CONSTRAINT work_orders_ref_key UNIQUE (ref);

ALTER TABLE ONLY zone_rules
    ADD CONSTRAINT zone_rules_pkey PRIMARY KEY (zone_id);

CREATE INDEX art_decisions_job ON art_decisions USING btree (job_id, id);

CREATE INDEX art_events_job ON art_events USING btree (job_id, id);

CREATE INDEX art_jobs_artist ON art_jobs USING btree (artist_id, state);

CREATE INDEX art_jobs_document ON art_jobs USING btree (document);

CREATE INDEX art_jobs_state ON art_jobs USING btree (warehouse_id, state, due, id);

CREATE INDEX art_pictures_hash ON art_pictures USING btree (hash);

CREATE INDEX art_versions_hash ON art_versions USING btree (hash);

CREATE INDEX audit_subject ON audit USING btree (subject, id);

CREATE INDEX balances_location ON balances USING btree (location_id);

CREATE INDEX barcodes_item ON barcodes USING btree (item_id);

CREATE INDEX card_events_look ON card_events USING btree (heard_at) WHERE (state = ANY (ARRAY['look'::text, 'parked'::text]));

CREATE INDEX carrier_labels_open ON carrier_labels USING btree (wanted_at) WHERE ((state = ANY (ARRAY['wanted'::text, 'voiding'::text])) OR ((state = 'bought'::text) AND (paper IS NULL)) OR (refund = 'submitted'::text));

CREATE INDEX carrier_rates_carrier_service_idx ON carrier_rates USING btree (carrier, service);

CREATE UNIQUE INDEX cart_totes_demand ON cart_totes USING btree (list_id, demand_id) WHERE active;

CREATE UNIQUE INDEX cart_totes_tote ON cart_totes USING btree (tote_id) WHERE active;

CREATE INDEX cartons_demand ON cartons USING btree (demand_id);

CREATE UNIQUE INDEX cartons_number ON cartons USING btree (demand_id, number) WHERE (state <> 'void'::text);

CREATE UNIQUE INDEX cartons_one_open ON cartons USING btree (demand_id) WHERE (state = 'open'::text);

CREATE INDEX checkout_orders_order ON checkout_orders USING btree (order_id);

CREATE INDEX count_scans_count ON count_scans USING btree (count_id, item_id);

CREATE INDEX count_tasks_count ON count_tasks USING btree (count_id);

CREATE UNIQUE INDEX count_tasks_open ON count_tasks USING btree (location_id, COALESCE(item_id, (0)::bigint)) WHERE (state = 'open'::text);

CREATE INDEX count_tasks_planned ON count_tasks USING btree (warehouse_id, asked_at) WHERE (class IS NOT NULL);

CREATE INDEX count_tasks_waiting ON count_tasks USING btree (warehouse_id, asked_at) WHERE (state = 'open'::text);

CREATE INDEX count_tasks_warehouse ON count_tasks USING btree (warehouse_id, id DESC);

CREATE UNIQUE INDEX counts_bin ON counts USING btree (location_id) WHERE (state = 'open'::text);

CREATE INDEX counts_finished ON counts USING btree (warehouse_id, finished_at) WHERE (state = 'counted'::text);

CREATE INDEX counts_location ON counts USING btree (location_id, id DESC);

CREATE UNIQUE INDEX counts_person ON counts USING btree (staff_id) WHERE (state = 'open'::text);

CREATE INDEX custom_items_flow ON custom_items USING btree (flow_id);

CREATE INDEX customer_links_customer ON customer_links USING btree (customer_id);

CREATE UNIQUE INDEX customers_code ON customers USING btree (lower(code));

CREATE UNIQUE INDEX customers_email ON customers USING btree (lower(email));

CREATE INDEX demand_lines_item ON demand_lines USING btree (item_id);

CREATE INDEX demands_open ON demands USING btree (warehouse_id, priority DESC, due, id) WHERE (state = 'open'::text);

CREATE INDEX demands_state ON demands USING btree (warehouse_id, state);

CREATE INDEX designs_item ON designs USING btree (item_id);

CREATE UNIQUE INDEX designs_name ON designs USING btree (lower(name)) WHERE (retired_at IS NULL);

CREATE INDEX dispositions_line ON dispositions USING btree (line_id);

CREATE INDEX dispositions_staff ON dispositions USING btree (staff_id, id DESC);

CREATE INDEX doorstep_parcels_carton ON doorstep_parcels USING btree (carton_id);

CREATE INDEX doorsteps_shipment ON doorsteps USING btree (shipment_id);

CREATE INDEX expected_lines_item ON expected_lines USING btree (item_id);

CREATE INDEX expected_lines_sscc ON expected_lines USING btree (sscc) WHERE (sscc <> ''::text);

CREATE UNIQUE INDEX expected_receipts_number ON expected_receipts USING btree (upper(number));

CREATE INDEX expected_receipts_state ON expected_receipts USING btree (warehouse_id, state, due_on);

CREATE INDEX feedback_call_back ON feedback USING btree (call_back) WHERE (call_back = 'open'::text);

CREATE UNIQUE INDEX flows_name ON flows USING btree (lower(name));

CREATE INDEX flows_partner ON flows USING btree (partner_id);

CREATE INDEX group_orders_group ON group_orders USING btree (group_id);

CREATE INDEX holds_open ON holds USING btree (order_id) WHERE (cleared_at IS NULL);

CREATE INDEX inspection_verdicts_of ON inspection_verdicts USING btree (inspection_id);

CREATE INDEX inspections_open ON inspections USING btree (warehouse_id, id) WHERE ((passed + failed) < quantity);

CREATE INDEX invoices_issued ON invoices USING btree (issued_at);

CREATE INDEX invoices_order ON invoices USING btree (order_id);

CREATE INDEX item_options_item ON item_options USING btree (item_id, "position", id);

CREATE UNIQUE INDEX item_options_name ON item_options USING btree (item_id, lower(name)) WHERE (retired_at IS NULL);

CREATE UNIQUE INDEX item_options_run ON item_options USING btree (item_id) WHERE (run AND (retired_at IS NULL));

CREATE INDEX items_by_sku ON items USING btree (sku);

CREATE UNIQUE INDEX items_sku ON items USING btree (lower(sku));

CREATE INDEX letters_due ON letters USING btree (next_try_at) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text]));

CREATE INDEX letters_ref ON letters USING btree (ref, id);

CREATE INDEX letters_state ON letters USING btree (state, id DESC);

CREATE INDEX line_tools_tool ON line_tools USING btree (tool_id);

CREATE INDEX locations_code ON locations USING btree (code);

CREATE INDEX locations_parent ON locations USING btree (parent_id);

CREATE UNIQUE INDEX locations_virtual ON locations USING btree (warehouse_id, kind) WHERE (kind = ANY (ARRAY['supplier'::text, 'customer'::text, 'workshop'::text, 'partner'::text, 'transit'::text, 'scrap'::text, 'lost'::text, 'found'::text, 'returns'::text]));

CREATE INDEX lots_by_code ON lots USING btree (code) WHERE (code <> ''::text);

CREATE UNIQUE INDEX lots_code ON lots USING btree (item_id, code) WHERE (code <> ''::text);

CREATE INDEX lots_expires ON lots USING btree (expires_on) WHERE (expires_on IS NOT NULL);

CREATE UNIQUE INDEX manifests_loading ON manifests USING btree (door_id) WHERE (state = 'loading'::text);

CREATE INDEX manifests_warehouse ON manifests USING btree (warehouse_id, id DESC);

CREATE INDEX movements_at ON movements USING brin (at) WITH (pages_per_range='16');

CREATE INDEX movements_from ON movements USING btree (from_id, id DESC);

CREATE INDEX movements_item ON movements USING btree (item_id, id DESC);

CREATE INDEX movements_ref ON movements USING btree (ref, id);

CREATE UNIQUE INDEX movements_reverses ON movements USING btree (reverses) WHERE (reverses IS NOT NULL);

CREATE UNIQUE INDEX movements_scan ON movements USING btree (scan, leg) WHERE (scan IS NOT NULL);

CREATE INDEX movements_to ON movements USING btree (to_id, id DESC);

CREATE INDEX order_events_order ON order_events USING btree (order_id, id);

CREATE INDEX order_line_options_file ON order_line_options USING btree (file) WHERE (file IS NOT NULL);

CREATE INDEX order_lines_item ON order_lines USING btree (item_id);

CREATE INDEX orders_contact ON orders USING btree (contact_id) WHERE (contact_id IS NOT NULL);

CREATE INDEX orders_customer ON orders USING btree (customer_id, number DESC);

CREATE INDEX orders_stage ON orders USING btree (stage, promised_on, number);

CREATE INDEX orders_web ON orders USING btree (lower(email), placed_at) WHERE (channel = 'web'::text);

CREATE INDEX pack_counts_carton ON pack_counts USING btree (carton_id, id DESC) WHERE (undone_by IS NULL);

CREATE UNIQUE INDEX papers_live ON papers USING btree (kind, ref, dpi) WHERE (NOT void);

CREATE INDEX partner_events_order ON partner_events USING btree (work_order_id, id);

CREATE UNIQUE INDEX partners_name ON partners USING btree (lower(name));

CREATE INDEX payment_orders_order ON payment_orders USING btree (order_id);

CREATE INDEX payments_customer ON payments USING btree (customer_id, id DESC);

CREATE UNIQUE INDEX payments_intent ON payments USING btree (intent) WHERE ((intent <> ''::text) AND (amount_minor > 0));

CREATE UNIQUE INDEX pick_blocks_open ON pick_blocks USING btree (location_id, item_id) WHERE (cleared_at IS NULL);

CREATE INDEX pick_counts_list ON pick_counts USING btree (list_id, id DESC) WHERE (undone_by IS NULL);

CREATE INDEX pick_faces_item ON pick_faces USING btree (warehouse_id, item_id);

CREATE INDEX pick_lists_open ON pick_lists USING btree (warehouse_id, priority DESC, due, id) WHERE (state = ANY (ARRAY['released'::text, 'started'::text]));

CREATE INDEX pick_lists_picker ON pick_lists USING btree (picker_id) WHERE (state = 'started'::text);

CREATE UNIQUE INDEX pick_lists_tote ON pick_lists USING btree (tote_id) WHERE (state = 'started'::text);

CREATE INDEX pick_lists_wave ON pick_lists USING btree (wave_id) WHERE (wave_id IS NOT NULL);

CREATE INDEX pick_tasks_bin ON pick_tasks USING btree (location_id, item_id) WHERE (state = 'open'::text);

CREATE INDEX pick_tasks_demand ON pick_tasks USING btree (demand_id);

CREATE INDEX pick_tasks_list ON pick_tasks USING btree (list_id, sequence);

CREATE INDEX pick_tasks_ref ON pick_tasks USING btree (ref);

CREATE INDEX print_jobs_open ON print_jobs USING btree (printer_id, id) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text, 'taken'::text]));

CREATE INDEX print_jobs_paper ON print_jobs USING btree (paper_id, id DESC);

CREATE UNIQUE INDEX print_jobs_press ON print_jobs USING btree (press, paper_id) WHERE (press IS NOT NULL);

CREATE INDEX print_jobs_stuck ON print_jobs USING btree (id) WHERE (state = ANY (ARRAY['failed'::text, 'unsure'::text]));

CREATE UNIQUE INDEX printers_station_paper ON printers USING btree (station_id, paper) WHERE active;

CREATE UNIQUE INDEX proofs_one_at_a_time ON proofs USING btree ((true)) WHERE (finished_at IS NULL);

CREATE UNIQUE INDEX putaway_tasks_carried ON putaway_tasks USING btree (staff_id) WHERE (done < quantity);

CREATE INDEX putaway_tasks_from ON putaway_tasks USING btree (from_id, item_id) WHERE (done < quantity);

CREATE INDEX putaway_tasks_open ON putaway_tasks USING btree (warehouse_id, created_at) WHERE (done < quantity);

CREATE INDEX putaway_tasks_suggested ON putaway_tasks USING btree (suggested_id) WHERE (done < quantity);

CREATE INDEX quotes_latest ON quotes USING btree (warehouse_id, id DESC);

CREATE INDEX receipt_counts_line ON receipt_counts USING btree (line_id);

CREATE INDEX receipt_expected_expected ON receipt_expected USING btree (expected_id);

CREATE INDEX receipt_lines_expected ON receipt_lines USING btree (expected_line_id);

CREATE INDEX receipts_state ON receipts USING btree (warehouse_id, state, id);

CREATE INDEX refunds_order ON refunds USING btree (order_id);

CREATE INDEX refunds_payment ON refunds USING btree (payment_id);

CREATE INDEX relocations_location ON relocations USING btree (location_id, id DESC);

CREATE UNIQUE INDEX replenishments_open ON replenishments USING btree (face_id, item_id) WHERE (state = 'open'::text);

CREATE UNIQUE INDEX replenishments_person ON replenishments USING btree (staff_id) WHERE (state = 'open'::text);

CREATE INDEX replenishments_waiting ON replenishments USING btree (warehouse_id, created_at) WHERE (state = 'open'::text);

CREATE INDEX replenishments_warehouse ON replenishments USING btree (warehouse_id, id DESC);

CREATE INDEX reservations_document ON reservations USING btree (document);

CREATE INDEX reservations_item ON reservations USING btree (warehouse_id, item_id, priority DESC, due, since);

CREATE INDEX reservations_short ON reservations USING btree (warehouse_id, item_id) WHERE (held < wanted);

CREATE INDEX return_counts_line ON return_counts USING btree (line_id);

CREATE INDEX return_extras_return ON return_extras USING btree (return_id);

CREATE INDEX return_lines_ref ON return_lines USING btree (ref);

CREATE INDEX return_lines_unsettled ON return_lines USING btree (return_id) WHERE (settled < received);

CREATE INDEX returns_ref ON returns USING btree (ref);

CREATE INDEX returns_state ON returns USING btree (warehouse_id, state, id);

CREATE INDEX scans_ref ON scans USING btree (ref, id DESC);

CREATE INDEX scans_undone_by ON scans USING btree (undone_by) WHERE (undone_by IS NOT NULL);

CREATE INDEX sessions_expires ON sessions USING btree (expires_at);

CREATE INDEX sessions_staff ON sessions USING btree (staff_id);

CREATE INDEX settlements_line ON settlements USING btree (line_id);

CREATE INDEX settlements_return ON settlements USING btree (return_id);

CREATE INDEX shipment_cartons_manifest ON shipment_cartons USING btree (manifest_id);

CREATE INDEX shipment_cartons_pallet ON shipment_cartons USING btree (pallet_id);

CREATE INDEX shipment_cartons_pallet_scan ON shipment_cartons USING btree (pallet_scan);

CREATE INDEX shipment_cartons_scan ON shipment_cartons USING btree (scan);

CREATE INDEX shipment_cartons_shipment ON shipment_cartons USING btree (shipment_id);

CREATE INDEX shipment_cartons_tracking ON shipment_cartons USING btree (tracking_number);

CREATE INDEX shipment_orders_ref ON shipment_orders USING btree (ref);

CREATE INDEX shipments_dispatched ON shipments USING btree (warehouse_id, dispatched_at) WHERE (dispatched_at IS NOT NULL);

CREATE INDEX shipments_state ON shipments USING btree (warehouse_id, state, id);

CREATE UNIQUE INDEX shipments_tracking ON shipments USING btree (carrier, tracking_number) WHERE ((tracking_number IS NOT NULL) AND (state <> 'cancelled'::text));

CREATE INDEX shipments_tracking_number ON shipments USING btree (tracking_number);

CREATE INDEX sorters_slot ON sorters USING btree (slot_id) WHERE (slot_id IS NOT NULL);

CREATE UNIQUE INDEX staff_email ON staff USING btree (lower(email)) WHERE (email <> ''::text);

CREATE INDEX staff_warehouses_warehouse_id_idx ON staff_warehouses USING btree (warehouse_id);

CREATE UNIQUE INDEX suppliers_code ON suppliers USING btree (code);

CREATE UNIQUE INDEX suppliers_name ON suppliers USING btree (lower(name));

CREATE INDEX tool_events_tool ON tool_events USING btree (tool_id, id);

CREATE UNIQUE INDEX tool_kinds_name ON tool_kinds USING btree (lower(name));

CREATE INDEX tools_document ON tools USING btree (document);

CREATE UNIQUE INDEX tools_one ON tools USING btree (customer_id, kind_id) WHERE (state = ANY (ARRAY['wanted'::text, 'begun'::text, 'made'::text]));

CREATE INDEX tote_lines_demand ON tote_lines USING btree (demand_id);

CREATE INDEX tracking_events_shipment ON tracking_events USING btree (shipment_id, at);

CREATE INDEX transfer_takes_transfer_id_idx ON transfer_takes USING btree (transfer_id);

CREATE INDEX transfers_to_id_id_idx ON transfers USING btree (to_id, id DESC);

CREATE INDEX transfers_warehouse_id_id_idx ON transfers USING btree (warehouse_id, id DESC);

CREATE INDEX trouble_acts_trouble ON trouble_acts USING btree (trouble_id);

CREATE UNIQUE INDEX troubles_open ON troubles USING btree (shipment_id, what) WHERE (settled_at IS NULL);

CREATE INDEX troubles_shipment ON troubles USING btree (shipment_id);

CREATE INDEX troubles_since ON troubles USING btree (since) WHERE (settled_at IS NULL);

CREATE INDEX wave_demands_demand ON wave_demands USING btree (demand_id);

CREATE INDEX waves_latest ON waves USING btree (warehouse_id, id DESC);

CREATE INDEX work_counts_order ON work_counts USING btree (work_order_id, id);

CREATE INDEX work_orders_document ON work_orders USING btree (document);

CREATE INDEX work_orders_fulfiller ON work_orders USING btree (fulfiller_id) WHERE (partner_state = ANY (ARRAY['waiting'::text, 'handed'::text, 'accepted'::text, 'sent'::text]));

CREATE INDEX work_orders_partner ON work_orders USING btree (warehouse_id, partner_state, due, id) WHERE (partner_id IS NOT NULL);

CREATE INDEX work_orders_queue ON work_orders USING btree (warehouse_id, state, due, id);

CREATE TRIGGER art_decision_files_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON art_decision_files FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER art_decisions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON art_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER art_events_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON art_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER art_versions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON art_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_seals_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER invoices_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON invoices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER movements_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON movements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER relocations_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON relocations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE ONLY api_requests
    ADD CONSTRAINT api_requests_token_id_fkey FOREIGN KEY (token_id) REFERENCES api_tokens(id);

ALTER TABLE ONLY api_tokens
    ADD CONSTRAINT api_tokens_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY art_batch_files
    ADD CONSTRAINT art_batch_files_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES art_batches(id);

ALTER TABLE ONLY art_batch_files
    ADD CONSTRAINT art_batch_files_job_id_fkey FOREIGN KEY (job_id) REFERENCES art_jobs(id);

ALTER TABLE ONLY art_batches
    ADD CONSTRAINT art_batches_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY art_decision_files
    ADD CONSTRAINT art_decision_files_job_id_decision_id_verdict_fkey FOREIGN KEY (job_id, decision_id, verdict) REFERENCES art_decisions(job_id, id, verdict);

ALTER TABLE ONLY art_decision_files
    ADD CONSTRAINT art_decision_files_job_id_version_hash_fkey FOREIGN KEY (job_id, version, hash) REFERENCES art_versions(job_id, number, hash);

ALTER TABLE ONLY art_decisions
    ADD CONSTRAINT art_decisions_job_id_fkey FOREIGN KEY (job_id) REFERENCES art_jobs(id);

ALTER TABLE ONLY art_decisions
    ADD CONSTRAINT art_decisions_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY art_events
    ADD CONSTRAINT art_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES art_jobs(id);

ALTER TABLE ONLY art_events
    ADD CONSTRAINT art_events_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY art_jobs
    ADD CONSTRAINT art_jobs_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES staff(id);

ALTER TABLE ONLY art_jobs
    ADD CONSTRAINT art_jobs_flow_id_fkey FOREIGN KEY (flow_id) REFERENCES flows(id);

ALTER TABLE ONLY art_jobs
    ADD CONSTRAINT art_jobs_id_decision_id_approved_fkey FOREIGN KEY (id, decision_id, approved) REFERENCES art_decisions(job_id, id, verdict);

ALTER TABLE ONLY art_jobs
    ADD CONSTRAINT art_jobs_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY art_jobs
    ADD CONSTRAINT art_jobs_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY art_pictures
    ADD CONSTRAINT art_pictures_job_id_fkey FOREIGN KEY (job_id) REFERENCES art_jobs(id);

ALTER TABLE ONLY art_pictures
    ADD CONSTRAINT art_pictures_sent_by_fkey FOREIGN KEY (sent_by) REFERENCES staff(id);

ALTER TABLE ONLY art_versions
    ADD CONSTRAINT art_versions_job_id_fkey FOREIGN KEY (job_id) REFERENCES art_jobs(id);

ALTER TABLE ONLY art_versions
    ADD CONSTRAINT art_versions_made_by_fkey FOREIGN KEY (made_by) REFERENCES staff(id);

ALTER TABLE ONLY artists
    ADD CONSTRAINT artists_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY audit
    ADD CONSTRAINT audit_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY balances
    ADD CONSTRAINT balances_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY balances
    ADD CONSTRAINT balances_location_id_warehouse_id_allocatable_may_go_negat_fkey FOREIGN KEY (location_id, warehouse_id, allocatable, may_go_negative) REFERENCES locations(id, warehouse_id, allocatable, may_go_negative) ON UPDATE CASCADE;

ALTER TABLE ONLY balances
    ADD CONSTRAINT balances_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY barcodes
    ADD CONSTRAINT barcodes_given_by_fkey FOREIGN KEY (given_by) REFERENCES staff(id);

ALTER TABLE ONLY barcodes
    ADD CONSTRAINT barcodes_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY card_events
    ADD CONSTRAINT card_events_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id);

ALTER TABLE ONLY card_events
    ADD CONSTRAINT card_events_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id);

ALTER TABLE ONLY card_events
    ADD CONSTRAINT card_events_seen_by_fkey FOREIGN KEY (seen_by) REFERENCES staff(id);

ALTER TABLE ONLY carrier_labels
    ADD CONSTRAINT carrier_labels_carrier_fkey FOREIGN KEY (carrier) REFERENCES carriers(code);

ALTER TABLE ONLY carrier_labels
    ADD CONSTRAINT carrier_labels_carton_id_fkey FOREIGN KEY (carton_id) REFERENCES cartons(id);

ALTER TABLE ONLY carrier_labels
    ADD CONSTRAINT carrier_labels_dots_fkey FOREIGN KEY (dots) REFERENCES carrier_papers(hash);

ALTER TABLE ONLY carrier_labels
    ADD CONSTRAINT carrier_labels_paper_fkey FOREIGN KEY (paper) REFERENCES carrier_papers(hash);

ALTER TABLE ONLY carrier_manifests
    ADD CONSTRAINT carrier_manifests_manifest_id_fkey FOREIGN KEY (manifest_id) REFERENCES manifests(id);

ALTER TABLE ONLY carrier_polls
    ADD CONSTRAINT carrier_polls_carton_id_fkey FOREIGN KEY (carton_id) REFERENCES cartons(id);

ALTER TABLE ONLY carrier_rates
    ADD CONSTRAINT carrier_rates_carrier_fkey FOREIGN KEY (carrier) REFERENCES carriers(code);

ALTER TABLE ONLY carrier_rules
    ADD CONSTRAINT carrier_rules_carrier_fkey FOREIGN KEY (carrier) REFERENCES carriers(code);

ALTER TABLE ONLY cart_totes
    ADD CONSTRAINT cart_totes_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES demands(id);

ALTER TABLE ONLY cart_totes
    ADD CONSTRAINT cart_totes_list_id_fkey FOREIGN KEY (list_id) REFERENCES pick_lists(id);

ALTER TABLE ONLY cart_totes
    ADD CONSTRAINT cart_totes_tote_id_fkey FOREIGN KEY (tote_id) REFERENCES locations(id);

ALTER TABLE ONLY carton_lines
    ADD CONSTRAINT carton_lines_carton_id_fkey FOREIGN KEY (carton_id) REFERENCES cartons(id);

ALTER TABLE ONLY carton_lines
    ADD CONSTRAINT carton_lines_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY carton_lines
    ADD CONSTRAINT carton_lines_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY carton_lines
    ADD CONSTRAINT carton_lines_ref_fkey FOREIGN KEY (ref) REFERENCES demand_lines(ref);

ALTER TABLE ONLY carton_lines
    ADD CONSTRAINT carton_lines_tote_id_fkey FOREIGN KEY (tote_id) REFERENCES locations(id);

ALTER TABLE ONLY carton_materials
    ADD CONSTRAINT carton_materials_carton_id_fkey FOREIGN KEY (carton_id) REFERENCES cartons(id);

ALTER TABLE ONLY carton_materials
    ADD CONSTRAINT carton_materials_material_id_fkey FOREIGN KEY (material_id) REFERENCES items(id);

ALTER TABLE ONLY carton_photos
    ADD CONSTRAINT carton_photos_carton_id_fkey FOREIGN KEY (carton_id) REFERENCES cartons(id);

ALTER TABLE ONLY carton_photos
    ADD CONSTRAINT carton_photos_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY carton_types
    ADD CONSTRAINT carton_types_material_id_fkey FOREIGN KEY (material_id) REFERENCES items(id);

ALTER TABLE ONLY carton_types
    ADD CONSTRAINT carton_types_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY cartons
    ADD CONSTRAINT cartons_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES staff(id);

ALTER TABLE ONLY cartons
    ADD CONSTRAINT cartons_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES demands(id);

ALTER TABLE ONLY cartons
    ADD CONSTRAINT cartons_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);

ALTER TABLE ONLY cartons
    ADD CONSTRAINT cartons_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES staff(id);

ALTER TABLE ONLY cartons
    ADD CONSTRAINT cartons_station_id_fkey FOREIGN KEY (station_id) REFERENCES stations(id);

ALTER TABLE ONLY cartons
    ADD CONSTRAINT cartons_type_id_fkey FOREIGN KEY (type_id) REFERENCES carton_types(id);

ALTER TABLE ONLY cartons
    ADD CONSTRAINT cartons_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY checkout_orders
    ADD CONSTRAINT checkout_orders_checkout_id_fkey FOREIGN KEY (checkout_id) REFERENCES checkouts(id);

ALTER TABLE ONLY checkout_orders
    ADD CONSTRAINT checkout_orders_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

ALTER TABLE ONLY checkouts
    ADD CONSTRAINT checkouts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id);

ALTER TABLE ONLY count_classes
    ADD CONSTRAINT count_classes_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES count_rules(warehouse_id);

ALTER TABLE ONLY count_lines
    ADD CONSTRAINT count_lines_count_id_fkey FOREIGN KEY (count_id) REFERENCES counts(id);

ALTER TABLE ONLY count_lines
    ADD CONSTRAINT count_lines_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY count_lines
    ADD CONSTRAINT count_lines_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY count_rules
    ADD CONSTRAINT count_rules_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY count_scans
    ADD CONSTRAINT count_scans_count_id_fkey FOREIGN KEY (count_id) REFERENCES counts(id);

ALTER TABLE ONLY count_scans
    ADD CONSTRAINT count_scans_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY count_scans
    ADD CONSTRAINT count_scans_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY count_tasks
    ADD CONSTRAINT count_tasks_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES staff(id);

ALTER TABLE ONLY count_tasks
    ADD CONSTRAINT count_tasks_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES staff(id);

ALTER TABLE ONLY count_tasks
    ADD CONSTRAINT count_tasks_count_id_fkey FOREIGN KEY (count_id) REFERENCES counts(id);

ALTER TABLE ONLY count_tasks
    ADD CONSTRAINT count_tasks_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY count_tasks
    ADD CONSTRAINT count_tasks_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);

ALTER TABLE ONLY count_tasks
    ADD CONSTRAINT count_tasks_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY counting
    ADD CONSTRAINT counting_bin_id_fkey FOREIGN KEY (bin_id) REFERENCES locations(id);

ALTER TABLE ONLY counting
    ADD CONSTRAINT counting_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY counting
    ADD CONSTRAINT counting_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY counting
    ADD CONSTRAINT counting_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY counts
    ADD CONSTRAINT counts_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);

ALTER TABLE ONLY counts
    ADD CONSTRAINT counts_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY counts
    ADD CONSTRAINT counts_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY custom_items
    ADD CONSTRAINT custom_items_blank_id_fkey FOREIGN KEY (blank_id) REFERENCES items(id);

ALTER TABLE ONLY custom_items
    ADD CONSTRAINT custom_items_flow_id_fkey FOREIGN KEY (flow_id) REFERENCES flows(id);

ALTER TABLE ONLY custom_items
    ADD CONSTRAINT custom_items_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY customer_links
    ADD CONSTRAINT customer_links_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id);

ALTER TABLE ONLY customer_materials
    ADD CONSTRAINT customer_materials_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id);

ALTER TABLE ONLY customer_materials
    ADD CONSTRAINT customer_materials_material_id_fkey FOREIGN KEY (material_id) REFERENCES items(id);

ALTER TABLE ONLY demand_lines
    ADD CONSTRAINT demand_lines_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES demands(id);

ALTER TABLE ONLY demand_lines
    ADD CONSTRAINT demand_lines_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY demand_lines
    ADD CONSTRAINT demand_lines_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY demand_materials
    ADD CONSTRAINT demand_materials_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES demands(id);

ALTER TABLE ONLY demand_materials
    ADD CONSTRAINT demand_materials_material_id_fkey FOREIGN KEY (material_id) REFERENCES items(id);

ALTER TABLE ONLY demands
    ADD CONSTRAINT demands_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY design_options
    ADD CONSTRAINT design_options_design_id_fkey FOREIGN KEY (design_id) REFERENCES designs(id);

ALTER TABLE ONLY designs
    ADD CONSTRAINT designs_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY dispositions
    ADD CONSTRAINT dispositions_line_id_fkey FOREIGN KEY (line_id) REFERENCES return_lines(id);

ALTER TABLE ONLY dispositions
    ADD CONSTRAINT dispositions_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY dispositions
    ADD CONSTRAINT dispositions_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY doorstep_parcels
    ADD CONSTRAINT doorstep_parcels_carton_id_fkey FOREIGN KEY (carton_id) REFERENCES cartons(id);

ALTER TABLE ONLY doorstep_parcels
    ADD CONSTRAINT doorstep_parcels_doorstep_id_fkey FOREIGN KEY (doorstep_id) REFERENCES doorsteps(id);

ALTER TABLE ONLY doorstep_scans
    ADD CONSTRAINT doorstep_scans_carton_id_fkey FOREIGN KEY (carton_id) REFERENCES cartons(id);

ALTER TABLE ONLY doorstep_scans
    ADD CONSTRAINT doorstep_scans_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY doorsteps
    ADD CONSTRAINT doorsteps_manifest_id_fkey FOREIGN KEY (manifest_id) REFERENCES manifests(id);

ALTER TABLE ONLY doorsteps
    ADD CONSTRAINT doorsteps_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipments(id);

ALTER TABLE ONLY doorsteps
    ADD CONSTRAINT doorsteps_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY expected_lines
    ADD CONSTRAINT expected_lines_expected_id_fkey FOREIGN KEY (expected_id) REFERENCES expected_receipts(id);

ALTER TABLE ONLY expected_lines
    ADD CONSTRAINT expected_lines_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY expected_receipts
    ADD CONSTRAINT expected_receipts_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES staff(id);

ALTER TABLE ONLY expected_receipts
    ADD CONSTRAINT expected_receipts_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY feedback
    ADD CONSTRAINT feedback_called_by_fkey FOREIGN KEY (called_by) REFERENCES staff(id);

ALTER TABLE ONLY feedback
    ADD CONSTRAINT feedback_case_owner_fkey FOREIGN KEY (case_owner) REFERENCES staff(id);

ALTER TABLE ONLY feedback
    ADD CONSTRAINT feedback_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

ALTER TABLE ONLY flows
    ADD CONSTRAINT flows_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES partners(id);

ALTER TABLE ONLY fulfillers
    ADD CONSTRAINT fulfillers_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY group_orders
    ADD CONSTRAINT group_orders_group_id_fkey FOREIGN KEY (group_id) REFERENCES order_groups(id);

ALTER TABLE ONLY group_orders
    ADD CONSTRAINT group_orders_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

ALTER TABLE ONLY holds
    ADD CONSTRAINT holds_cleared_by_fkey FOREIGN KEY (cleared_by) REFERENCES staff(id);

ALTER TABLE ONLY holds
    ADD CONSTRAINT holds_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

ALTER TABLE ONLY holds
    ADD CONSTRAINT holds_placed_by_fkey FOREIGN KEY (placed_by) REFERENCES staff(id);

ALTER TABLE ONLY holidays
    ADD CONSTRAINT holidays_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY inspection_verdicts
    ADD CONSTRAINT inspection_verdicts_inspection_id_fkey FOREIGN KEY (inspection_id) REFERENCES inspections(id);

ALTER TABLE ONLY inspection_verdicts
    ADD CONSTRAINT inspection_verdicts_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY inspections
    ADD CONSTRAINT inspections_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY inspections
    ADD CONSTRAINT inspections_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);

ALTER TABLE ONLY inspections
    ADD CONSTRAINT inspections_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY inspections
    ADD CONSTRAINT inspections_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES receipts(id);

ALTER TABLE ONLY inspections
    ADD CONSTRAINT inspections_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY invoices
    ADD CONSTRAINT invoices_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

ALTER TABLE ONLY invoices
    ADD CONSTRAINT invoices_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id);

ALTER TABLE ONLY invoices
    ADD CONSTRAINT invoices_series_fkey FOREIGN KEY (series) REFERENCES invoice_series(series);

ALTER TABLE ONLY item_classes
    ADD CONSTRAINT item_classes_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY item_classes
    ADD CONSTRAINT item_classes_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY item_materials
    ADD CONSTRAINT item_materials_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY item_materials
    ADD CONSTRAINT item_materials_material_id_fkey FOREIGN KEY (material_id) REFERENCES items(id);

ALTER TABLE ONLY item_options
    ADD CONSTRAINT item_options_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY item_tools
    ADD CONSTRAINT item_tools_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY item_tools
    ADD CONSTRAINT item_tools_kind_id_fkey FOREIGN KEY (kind_id) REFERENCES tool_kinds(id);

ALTER TABLE ONLY letter_files
    ADD CONSTRAINT letter_files_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES letters(id);

ALTER TABLE ONLY letter_timing
    ADD CONSTRAINT letter_timing_saved_by_fkey FOREIGN KEY (saved_by) REFERENCES staff(id);

ALTER TABLE ONLY letter_wordings
    ADD CONSTRAINT letter_wordings_saved_by_fkey FOREIGN KEY (saved_by) REFERENCES staff(id);

ALTER TABLE ONLY line_tools
    ADD CONSTRAINT line_tools_tool_id_fkey FOREIGN KEY (tool_id) REFERENCES tools(id);

ALTER TABLE ONLY locations
    ADD CONSTRAINT locations_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES locations(id);

ALTER TABLE ONLY locations
    ADD CONSTRAINT locations_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY lots
    ADD CONSTRAINT lots_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY makers
    ADD CONSTRAINT makers_bin_id_fkey FOREIGN KEY (bin_id) REFERENCES locations(id);

ALTER TABLE ONLY makers
    ADD CONSTRAINT makers_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY makers
    ADD CONSTRAINT makers_work_order_id_fkey FOREIGN KEY (work_order_id) REFERENCES work_orders(id);

ALTER TABLE ONLY manifests
    ADD CONSTRAINT manifests_carrier_fkey FOREIGN KEY (carrier) REFERENCES carriers(code);

ALTER TABLE ONLY manifests
    ADD CONSTRAINT manifests_dispatched_by_fkey FOREIGN KEY (dispatched_by) REFERENCES staff(id);

ALTER TABLE ONLY manifests
    ADD CONSTRAINT manifests_door_id_fkey FOREIGN KEY (door_id) REFERENCES locations(id);

ALTER TABLE ONLY manifests
    ADD CONSTRAINT manifests_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES staff(id);

ALTER TABLE ONLY manifests
    ADD CONSTRAINT manifests_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY movements
    ADD CONSTRAINT movements_from_id_fkey FOREIGN KEY (from_id) REFERENCES locations(id);

ALTER TABLE ONLY movements
    ADD CONSTRAINT movements_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY movements
    ADD CONSTRAINT movements_reverses_fkey FOREIGN KEY (reverses) REFERENCES movements(id);

ALTER TABLE ONLY movements
    ADD CONSTRAINT movements_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY movements
    ADD CONSTRAINT movements_station_id_fkey FOREIGN KEY (station_id) REFERENCES stations(id);

ALTER TABLE ONLY movements
    ADD CONSTRAINT movements_to_id_fkey FOREIGN KEY (to_id) REFERENCES locations(id);

ALTER TABLE ONLY moving
    ADD CONSTRAINT moving_container_id_fkey FOREIGN KEY (container_id) REFERENCES locations(id);

ALTER TABLE ONLY moving
    ADD CONSTRAINT moving_from_id_fkey FOREIGN KEY (from_id) REFERENCES locations(id);

ALTER TABLE ONLY moving
    ADD CONSTRAINT moving_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY moving
    ADD CONSTRAINT moving_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY moving
    ADD CONSTRAINT moving_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY moving
    ADD CONSTRAINT moving_to_id_fkey FOREIGN KEY (to_id) REFERENCES locations(id);

ALTER TABLE ONLY option_choices
    ADD CONSTRAINT option_choices_option_id_fkey FOREIGN KEY (option_id) REFERENCES item_options(id);

ALTER TABLE ONLY order_events
    ADD CONSTRAINT order_events_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

ALTER TABLE ONLY order_events
    ADD CONSTRAINT order_events_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY order_groups
    ADD CONSTRAINT order_groups_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id);

ALTER TABLE ONLY order_groups
    ADD CONSTRAINT order_groups_made_by_fkey FOREIGN KEY (made_by) REFERENCES staff(id);

ALTER TABLE ONLY order_line_options
    ADD CONSTRAINT order_line_options_file_fkey FOREIGN KEY (file) REFERENCES option_files(token);

ALTER TABLE ONLY order_line_options
    ADD CONSTRAINT order_line_options_order_id_line_fkey FOREIGN KEY (order_id, line) REFERENCES order_lines(order_id, line);

ALTER TABLE ONLY order_lines
    ADD CONSTRAINT order_lines_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY order_lines
    ADD CONSTRAINT order_lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

ALTER TABLE ONLY orders
    ADD CONSTRAINT orders_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES staff(id);

ALTER TABLE ONLY orders
    ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id);

ALTER TABLE ONLY orders
    ADD CONSTRAINT orders_placed_by_fkey FOREIGN KEY (placed_by) REFERENCES staff(id);

ALTER TABLE ONLY orders
    ADD CONSTRAINT orders_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY pack_counts
    ADD CONSTRAINT pack_counts_carton_id_fkey FOREIGN KEY (carton_id) REFERENCES cartons(id);

ALTER TABLE ONLY pack_counts
    ADD CONSTRAINT pack_counts_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY pack_counts
    ADD CONSTRAINT pack_counts_ref_fkey FOREIGN KEY (ref) REFERENCES demand_lines(ref);

ALTER TABLE ONLY pack_counts
    ADD CONSTRAINT pack_counts_tote_id_fkey FOREIGN KEY (tote_id) REFERENCES locations(id);

ALTER TABLE ONLY pallets
    ADD CONSTRAINT pallets_made_by_fkey FOREIGN KEY (made_by) REFERENCES staff(id);

ALTER TABLE ONLY pallets
    ADD CONSTRAINT pallets_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY partner_events
    ADD CONSTRAINT partner_events_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY partner_events
    ADD CONSTRAINT partner_events_work_order_id_fkey FOREIGN KEY (work_order_id) REFERENCES work_orders(id);

ALTER TABLE ONLY pay_link_orders
    ADD CONSTRAINT pay_link_orders_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

ALTER TABLE ONLY pay_link_orders
    ADD CONSTRAINT pay_link_orders_token_fkey FOREIGN KEY (token) REFERENCES pay_links(token);

ALTER TABLE ONLY pay_links
    ADD CONSTRAINT pay_links_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id);

ALTER TABLE ONLY pay_links
    ADD CONSTRAINT pay_links_made_by_fkey FOREIGN KEY (made_by) REFERENCES staff(id);

ALTER TABLE ONLY payment_orders
    ADD CONSTRAINT payment_orders_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

ALTER TABLE ONLY payment_orders
    ADD CONSTRAINT payment_orders_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id);

ALTER TABLE ONLY payments
    ADD CONSTRAINT payments_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id);

ALTER TABLE ONLY payments
    ADD CONSTRAINT payments_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY pick_blocks
    ADD CONSTRAINT pick_blocks_cleared_by_fkey FOREIGN KEY (cleared_by) REFERENCES staff(id);

ALTER TABLE ONLY pick_blocks
    ADD CONSTRAINT pick_blocks_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY pick_blocks
    ADD CONSTRAINT pick_blocks_list_id_fkey FOREIGN KEY (list_id) REFERENCES pick_lists(id);

ALTER TABLE ONLY pick_blocks
    ADD CONSTRAINT pick_blocks_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);

ALTER TABLE ONLY pick_blocks
    ADD CONSTRAINT pick_blocks_placed_by_fkey FOREIGN KEY (placed_by) REFERENCES staff(id);

ALTER TABLE ONLY pick_blocks
    ADD CONSTRAINT pick_blocks_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY pick_counts
    ADD CONSTRAINT pick_counts_list_id_fkey FOREIGN KEY (list_id) REFERENCES pick_lists(id);

ALTER TABLE ONLY pick_counts
    ADD CONSTRAINT pick_counts_task_id_fkey FOREIGN KEY (task_id) REFERENCES pick_tasks(id);

ALTER TABLE ONLY pick_counts
    ADD CONSTRAINT pick_counts_tote_id_fkey FOREIGN KEY (tote_id) REFERENCES locations(id);

ALTER TABLE ONLY pick_faces
    ADD CONSTRAINT pick_faces_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY pick_faces
    ADD CONSTRAINT pick_faces_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);

ALTER TABLE ONLY pick_faces
    ADD CONSTRAINT pick_faces_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY pick_lists
    ADD CONSTRAINT pick_lists_asked_id_fkey FOREIGN KEY (asked_id) REFERENCES locations(id);

ALTER TABLE ONLY pick_lists
    ADD CONSTRAINT pick_lists_confirm_id_fkey FOREIGN KEY (confirm_id) REFERENCES locations(id);

ALTER TABLE ONLY pick_lists
    ADD CONSTRAINT pick_lists_picker_id_fkey FOREIGN KEY (picker_id) REFERENCES staff(id);

ALTER TABLE ONLY pick_lists
    ADD CONSTRAINT pick_lists_tote_id_fkey FOREIGN KEY (tote_id) REFERENCES locations(id);

ALTER TABLE ONLY pick_lists
    ADD CONSTRAINT pick_lists_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY pick_lists
    ADD CONSTRAINT pick_lists_wave_id_fkey FOREIGN KEY (wave_id) REFERENCES waves(id);

ALTER TABLE ONLY pick_lists
    ADD CONSTRAINT pick_lists_zone_id_fkey FOREIGN KEY (zone_id) REFERENCES locations(id);

ALTER TABLE ONLY pick_rules
    ADD CONSTRAINT pick_rules_depot_id_fkey FOREIGN KEY (depot_id) REFERENCES locations(id);

ALTER TABLE ONLY pick_rules
    ADD CONSTRAINT pick_rules_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY pick_tasks
    ADD CONSTRAINT pick_tasks_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES demands(id);

ALTER TABLE ONLY pick_tasks
    ADD CONSTRAINT pick_tasks_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY pick_tasks
    ADD CONSTRAINT pick_tasks_list_id_fkey FOREIGN KEY (list_id) REFERENCES pick_lists(id);

ALTER TABLE ONLY pick_tasks
    ADD CONSTRAINT pick_tasks_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);

ALTER TABLE ONLY pick_tasks
    ADD CONSTRAINT pick_tasks_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY pick_tasks
    ADD CONSTRAINT pick_tasks_ref_fkey FOREIGN KEY (ref) REFERENCES demand_lines(ref);

ALTER TABLE ONLY price_breaks
    ADD CONSTRAINT price_breaks_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY prices
    ADD CONSTRAINT prices_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY print_jobs
    ADD CONSTRAINT print_jobs_paper_id_fkey FOREIGN KEY (paper_id) REFERENCES papers(id);

ALTER TABLE ONLY print_jobs
    ADD CONSTRAINT print_jobs_printer_id_fkey FOREIGN KEY (printer_id) REFERENCES printers(id);

ALTER TABLE ONLY print_jobs
    ADD CONSTRAINT print_jobs_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY print_jobs
    ADD CONSTRAINT print_jobs_station_id_fkey FOREIGN KEY (station_id) REFERENCES stations(id);

ALTER TABLE ONLY printers
    ADD CONSTRAINT printers_station_id_fkey FOREIGN KEY (station_id) REFERENCES stations(id);

ALTER TABLE ONLY proof_laws
    ADD CONSTRAINT proof_laws_proof_id_fkey FOREIGN KEY (proof_id) REFERENCES proofs(id) ON DELETE CASCADE;

ALTER TABLE ONLY proof_links
    ADD CONSTRAINT proof_links_job_id_fkey FOREIGN KEY (job_id) REFERENCES art_jobs(id);

ALTER TABLE ONLY proofs
    ADD CONSTRAINT proofs_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES staff(id);

ALTER TABLE ONLY putaway_tasks
    ADD CONSTRAINT putaway_tasks_from_id_fkey FOREIGN KEY (from_id) REFERENCES locations(id);

ALTER TABLE ONLY putaway_tasks
    ADD CONSTRAINT putaway_tasks_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY putaway_tasks
    ADD CONSTRAINT putaway_tasks_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY putaway_tasks
    ADD CONSTRAINT putaway_tasks_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY putaway_tasks
    ADD CONSTRAINT putaway_tasks_suggested_id_fkey FOREIGN KEY (suggested_id) REFERENCES locations(id);

ALTER TABLE ONLY putaway_tasks
    ADD CONSTRAINT putaway_tasks_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY putting_away
    ADD CONSTRAINT putting_away_bin_id_fkey FOREIGN KEY (bin_id) REFERENCES locations(id);

ALTER TABLE ONLY putting_away
    ADD CONSTRAINT putting_away_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY putting_away
    ADD CONSTRAINT putting_away_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY putting_away
    ADD CONSTRAINT putting_away_task_id_fkey FOREIGN KEY (task_id) REFERENCES putaway_tasks(id);

ALTER TABLE ONLY putting_away
    ADD CONSTRAINT putting_away_tote_id_fkey FOREIGN KEY (tote_id) REFERENCES locations(id);

ALTER TABLE ONLY quote_lines
    ADD CONSTRAINT quote_lines_quote_id_fkey FOREIGN KEY (quote_id) REFERENCES quotes(id);

ALTER TABLE ONLY quote_pictures
    ADD CONSTRAINT quote_pictures_quote_id_fkey FOREIGN KEY (quote_id) REFERENCES quotes(id);

ALTER TABLE ONLY quotes
    ADD CONSTRAINT quotes_made_by_fkey FOREIGN KEY (made_by) REFERENCES staff(id);

ALTER TABLE ONLY quotes
    ADD CONSTRAINT quotes_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

ALTER TABLE ONLY quotes
    ADD CONSTRAINT quotes_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY quotes
    ADD CONSTRAINT quotes_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES staff(id);

ALTER TABLE ONLY receipt_counts
    ADD CONSTRAINT receipt_counts_line_id_fkey FOREIGN KEY (line_id) REFERENCES receipt_lines(id);

ALTER TABLE ONLY receipt_expected
    ADD CONSTRAINT receipt_expected_expected_id_fkey FOREIGN KEY (expected_id) REFERENCES expected_receipts(id);

ALTER TABLE ONLY receipt_expected
    ADD CONSTRAINT receipt_expected_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES receipts(id);

ALTER TABLE ONLY receipt_lines
    ADD CONSTRAINT receipt_lines_expected_line_id_fkey FOREIGN KEY (expected_line_id) REFERENCES expected_lines(id);

ALTER TABLE ONLY receipt_lines
    ADD CONSTRAINT receipt_lines_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY receipt_lines
    ADD CONSTRAINT receipt_lines_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY receipt_lines
    ADD CONSTRAINT receipt_lines_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES receipts(id);

ALTER TABLE ONLY receipt_units
    ADD CONSTRAINT receipt_units_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES receipts(id);

ALTER TABLE ONLY receipts
    ADD CONSTRAINT receipts_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES staff(id);

ALTER TABLE ONLY receipts
    ADD CONSTRAINT receipts_dock_id_fkey FOREIGN KEY (dock_id) REFERENCES locations(id);

ALTER TABLE ONLY receipts
    ADD CONSTRAINT receipts_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES staff(id);

ALTER TABLE ONLY receipts
    ADD CONSTRAINT receipts_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY receivers
    ADD CONSTRAINT receivers_expected_id_fkey FOREIGN KEY (expected_id) REFERENCES expected_receipts(id);

ALTER TABLE ONLY receivers
    ADD CONSTRAINT receivers_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY receivers
    ADD CONSTRAINT receivers_line_id_fkey FOREIGN KEY (line_id) REFERENCES receipt_lines(id);

ALTER TABLE ONLY receivers
    ADD CONSTRAINT receivers_pallet_id_fkey FOREIGN KEY (pallet_id) REFERENCES locations(id);

ALTER TABLE ONLY receivers
    ADD CONSTRAINT receivers_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES receipts(id);

ALTER TABLE ONLY receivers
    ADD CONSTRAINT receivers_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT refunds_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES staff(id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT refunds_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

ALTER TABLE ONLY refunds
    ADD CONSTRAINT refunds_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id);

ALTER TABLE ONLY relocations
    ADD CONSTRAINT relocations_from_id_fkey FOREIGN KEY (from_id) REFERENCES locations(id);

ALTER TABLE ONLY relocations
    ADD CONSTRAINT relocations_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);

ALTER TABLE ONLY relocations
    ADD CONSTRAINT relocations_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY relocations
    ADD CONSTRAINT relocations_to_id_fkey FOREIGN KEY (to_id) REFERENCES locations(id);

ALTER TABLE ONLY replenishing
    ADD CONSTRAINT replenishing_bin_id_fkey FOREIGN KEY (bin_id) REFERENCES locations(id);

ALTER TABLE ONLY replenishing
    ADD CONSTRAINT replenishing_hand_id_fkey FOREIGN KEY (hand_id) REFERENCES locations(id);

ALTER TABLE ONLY replenishing
    ADD CONSTRAINT replenishing_source_id_fkey FOREIGN KEY (source_id) REFERENCES locations(id);

ALTER TABLE ONLY replenishing
    ADD CONSTRAINT replenishing_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY replenishing
    ADD CONSTRAINT replenishing_task_id_fkey FOREIGN KEY (task_id) REFERENCES replenishments(id);

ALTER TABLE ONLY replenishments
    ADD CONSTRAINT replenishments_face_id_fkey FOREIGN KEY (face_id) REFERENCES locations(id);

ALTER TABLE ONLY replenishments
    ADD CONSTRAINT replenishments_from_id_fkey FOREIGN KEY (from_id) REFERENCES locations(id);

ALTER TABLE ONLY replenishments
    ADD CONSTRAINT replenishments_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY replenishments
    ADD CONSTRAINT replenishments_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY replenishments
    ADD CONSTRAINT replenishments_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY reservations
    ADD CONSTRAINT reservations_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY reservations
    ADD CONSTRAINT reservations_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY reservations
    ADD CONSTRAINT reservations_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY reservations
    ADD CONSTRAINT reservations_warehouse_id_item_id_fkey FOREIGN KEY (warehouse_id, item_id) REFERENCES warehouse_items(warehouse_id, item_id);

ALTER TABLE ONLY return_counts
    ADD CONSTRAINT return_counts_line_id_fkey FOREIGN KEY (line_id) REFERENCES return_lines(id);

ALTER TABLE ONLY return_extras
    ADD CONSTRAINT return_extras_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY return_extras
    ADD CONSTRAINT return_extras_return_id_fkey FOREIGN KEY (return_id) REFERENCES returns(id);

ALTER TABLE ONLY return_extras
    ADD CONSTRAINT return_extras_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY return_hands
    ADD CONSTRAINT return_hands_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY return_hands
    ADD CONSTRAINT return_hands_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY return_hands
    ADD CONSTRAINT return_hands_return_id_fkey FOREIGN KEY (return_id) REFERENCES returns(id);

ALTER TABLE ONLY return_hands
    ADD CONSTRAINT return_hands_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY return_lines
    ADD CONSTRAINT return_lines_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY return_lines
    ADD CONSTRAINT return_lines_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY return_lines
    ADD CONSTRAINT return_lines_ref_fkey FOREIGN KEY (ref) REFERENCES demand_lines(ref);

ALTER TABLE ONLY return_lines
    ADD CONSTRAINT return_lines_return_id_fkey FOREIGN KEY (return_id) REFERENCES returns(id);

ALTER TABLE ONLY returns
    ADD CONSTRAINT returns_authorised_by_fkey FOREIGN KEY (authorised_by) REFERENCES staff(id);

ALTER TABLE ONLY returns
    ADD CONSTRAINT returns_received_by_fkey FOREIGN KEY (received_by) REFERENCES staff(id);

ALTER TABLE ONLY returns
    ADD CONSTRAINT returns_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY scans
    ADD CONSTRAINT scans_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY scans
    ADD CONSTRAINT scans_station_id_fkey FOREIGN KEY (station_id) REFERENCES stations(id);

ALTER TABLE ONLY sessions
    ADD CONSTRAINT sessions_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY sessions
    ADD CONSTRAINT sessions_station_id_fkey FOREIGN KEY (station_id) REFERENCES stations(id);

ALTER TABLE ONLY sessions
    ADD CONSTRAINT sessions_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY settings
    ADD CONSTRAINT settings_web_warehouse_id_fkey FOREIGN KEY (web_warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY settlements
    ADD CONSTRAINT settlements_line_id_fkey FOREIGN KEY (line_id) REFERENCES return_lines(id);

ALTER TABLE ONLY settlements
    ADD CONSTRAINT settlements_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

ALTER TABLE ONLY settlements
    ADD CONSTRAINT settlements_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id);

ALTER TABLE ONLY settlements
    ADD CONSTRAINT settlements_return_id_fkey FOREIGN KEY (return_id) REFERENCES returns(id);

ALTER TABLE ONLY settlements
    ADD CONSTRAINT settlements_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY shipment_cartons
    ADD CONSTRAINT shipment_cartons_carton_id_fkey FOREIGN KEY (carton_id) REFERENCES cartons(id);

ALTER TABLE ONLY shipment_cartons
    ADD CONSTRAINT shipment_cartons_loaded_by_fkey FOREIGN KEY (loaded_by) REFERENCES staff(id);

ALTER TABLE ONLY shipment_cartons
    ADD CONSTRAINT shipment_cartons_manifest_id_fkey FOREIGN KEY (manifest_id) REFERENCES manifests(id);

ALTER TABLE ONLY shipment_cartons
    ADD CONSTRAINT shipment_cartons_pallet_id_fkey FOREIGN KEY (pallet_id) REFERENCES pallets(id);

ALTER TABLE ONLY shipment_cartons
    ADD CONSTRAINT shipment_cartons_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipments(id);

ALTER TABLE ONLY shipment_choices
    ADD CONSTRAINT shipment_choices_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipments(id);

ALTER TABLE ONLY shipment_choices
    ADD CONSTRAINT shipment_choices_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY shipment_orders
    ADD CONSTRAINT shipment_orders_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipments(id);

ALTER TABLE ONLY shipments
    ADD CONSTRAINT shipments_carrier_fkey FOREIGN KEY (carrier) REFERENCES carriers(code);

ALTER TABLE ONLY shipments
    ADD CONSTRAINT shipments_numbered_by_fkey FOREIGN KEY (numbered_by) REFERENCES staff(id);

ALTER TABLE ONLY shipments
    ADD CONSTRAINT shipments_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY sorters
    ADD CONSTRAINT sorters_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES demands(id);

ALTER TABLE ONLY sorters
    ADD CONSTRAINT sorters_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY sorters
    ADD CONSTRAINT sorters_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY sorters
    ADD CONSTRAINT sorters_ref_fkey FOREIGN KEY (ref) REFERENCES demand_lines(ref);

ALTER TABLE ONLY sorters
    ADD CONSTRAINT sorters_slot_id_fkey FOREIGN KEY (slot_id) REFERENCES locations(id);

ALTER TABLE ONLY sorters
    ADD CONSTRAINT sorters_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY sorters
    ADD CONSTRAINT sorters_tote_id_fkey FOREIGN KEY (tote_id) REFERENCES locations(id);

ALTER TABLE ONLY sorters
    ADD CONSTRAINT sorters_wall_id_fkey FOREIGN KEY (wall_id) REFERENCES locations(id);

ALTER TABLE ONLY sorters
    ADD CONSTRAINT sorters_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY staff
    ADD CONSTRAINT staff_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY staff_warehouses
    ADD CONSTRAINT staff_warehouses_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY staff_warehouses
    ADD CONSTRAINT staff_warehouses_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY stations
    ADD CONSTRAINT stations_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);

ALTER TABLE ONLY stations
    ADD CONSTRAINT stations_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY tool_events
    ADD CONSTRAINT tool_events_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY tool_events
    ADD CONSTRAINT tool_events_tool_id_fkey FOREIGN KEY (tool_id) REFERENCES tools(id);

ALTER TABLE ONLY tools
    ADD CONSTRAINT tools_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id);

ALTER TABLE ONLY tools
    ADD CONSTRAINT tools_kind_id_fkey FOREIGN KEY (kind_id) REFERENCES tool_kinds(id);

ALTER TABLE ONLY tote_lines
    ADD CONSTRAINT tote_lines_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES demands(id);

ALTER TABLE ONLY tote_lines
    ADD CONSTRAINT tote_lines_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY tote_lines
    ADD CONSTRAINT tote_lines_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY tote_lines
    ADD CONSTRAINT tote_lines_ref_fkey FOREIGN KEY (ref) REFERENCES demand_lines(ref);

ALTER TABLE ONLY tote_lines
    ADD CONSTRAINT tote_lines_tote_id_fkey FOREIGN KEY (tote_id) REFERENCES locations(id);

ALTER TABLE ONLY tracking_events
    ADD CONSTRAINT tracking_events_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipments(id);

ALTER TABLE ONLY tracking_events
    ADD CONSTRAINT tracking_events_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY transfer_lines
    ADD CONSTRAINT transfer_lines_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY transfer_lines
    ADD CONSTRAINT transfer_lines_transfer_id_fkey FOREIGN KEY (transfer_id) REFERENCES transfers(id);

ALTER TABLE ONLY transfer_takes
    ADD CONSTRAINT transfer_takes_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id);

ALTER TABLE ONLY transfer_takes
    ADD CONSTRAINT transfer_takes_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY transfer_takes
    ADD CONSTRAINT transfer_takes_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY transfer_takes
    ADD CONSTRAINT transfer_takes_transfer_id_item_id_fkey FOREIGN KEY (transfer_id, item_id) REFERENCES transfer_lines(transfer_id, item_id);

ALTER TABLE ONLY transfers
    ADD CONSTRAINT transfers_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES staff(id);

ALTER TABLE ONLY transfers
    ADD CONSTRAINT transfers_expected_id_fkey FOREIGN KEY (expected_id) REFERENCES expected_receipts(id);

ALTER TABLE ONLY transfers
    ADD CONSTRAINT transfers_sent_by_fkey FOREIGN KEY (sent_by) REFERENCES staff(id);

ALTER TABLE ONLY transfers
    ADD CONSTRAINT transfers_to_id_fkey FOREIGN KEY (to_id) REFERENCES warehouses(id);

ALTER TABLE ONLY transfers
    ADD CONSTRAINT transfers_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY trouble_acts
    ADD CONSTRAINT trouble_acts_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY trouble_acts
    ADD CONSTRAINT trouble_acts_trouble_id_fkey FOREIGN KEY (trouble_id) REFERENCES troubles(id);

ALTER TABLE ONLY troubles
    ADD CONSTRAINT troubles_settled_by_fkey FOREIGN KEY (settled_by) REFERENCES staff(id);

ALTER TABLE ONLY troubles
    ADD CONSTRAINT troubles_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipments(id);

ALTER TABLE ONLY warehouse_items
    ADD CONSTRAINT warehouse_items_home_id_fkey FOREIGN KEY (home_id) REFERENCES locations(id);

ALTER TABLE ONLY warehouse_items
    ADD CONSTRAINT warehouse_items_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY warehouse_items
    ADD CONSTRAINT warehouse_items_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY wave_demands
    ADD CONSTRAINT wave_demands_demand_id_fkey FOREIGN KEY (demand_id) REFERENCES demands(id);

ALTER TABLE ONLY wave_demands
    ADD CONSTRAINT wave_demands_wave_id_fkey FOREIGN KEY (wave_id) REFERENCES waves(id);

ALTER TABLE ONLY wave_slots
    ADD CONSTRAINT wave_slots_template_id_fkey FOREIGN KEY (template_id) REFERENCES wave_templates(id);

ALTER TABLE ONLY wave_slots
    ADD CONSTRAINT wave_slots_wave_id_fkey FOREIGN KEY (wave_id) REFERENCES waves(id);

ALTER TABLE ONLY wave_templates
    ADD CONSTRAINT wave_templates_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY waves
    ADD CONSTRAINT waves_released_by_fkey FOREIGN KEY (released_by) REFERENCES staff(id);

ALTER TABLE ONLY waves
    ADD CONSTRAINT waves_template_id_fkey FOREIGN KEY (template_id) REFERENCES wave_templates(id);

ALTER TABLE ONLY waves
    ADD CONSTRAINT waves_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY work_counts
    ADD CONSTRAINT work_counts_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id);

ALTER TABLE ONLY work_counts
    ADD CONSTRAINT work_counts_station_id_fkey FOREIGN KEY (station_id) REFERENCES stations(id);

ALTER TABLE ONLY work_counts
    ADD CONSTRAINT work_counts_work_order_id_fkey FOREIGN KEY (work_order_id) REFERENCES work_orders(id);

ALTER TABLE ONLY work_files
    ADD CONSTRAINT work_files_decision_id_version_fkey FOREIGN KEY (decision_id, version) REFERENCES art_decision_files(decision_id, version);

ALTER TABLE ONLY work_files
    ADD CONSTRAINT work_files_work_order_id_fkey FOREIGN KEY (work_order_id) REFERENCES work_orders(id);

ALTER TABLE ONLY work_orders
    ADD CONSTRAINT work_orders_blank_id_fkey FOREIGN KEY (blank_id) REFERENCES items(id);

ALTER TABLE ONLY work_orders
    ADD CONSTRAINT work_orders_fulfiller_id_fkey FOREIGN KEY (fulfiller_id) REFERENCES staff(id);

ALTER TABLE ONLY work_orders
    ADD CONSTRAINT work_orders_item_id_fkey FOREIGN KEY (item_id) REFERENCES items(id);

ALTER TABLE ONLY work_orders
    ADD CONSTRAINT work_orders_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lots(id);

ALTER TABLE ONLY work_orders
    ADD CONSTRAINT work_orders_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES partners(id);

ALTER TABLE ONLY work_orders
    ADD CONSTRAINT work_orders_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

ALTER TABLE ONLY zone_rules
    ADD CONSTRAINT zone_rules_hand_over_id_fkey FOREIGN KEY (hand_over_id) REFERENCES locations(id);

ALTER TABLE ONLY zone_rules
    ADD CONSTRAINT zone_rules_zone_id_fkey FOREIGN KEY (zone_id) REFERENCES locations(id);
