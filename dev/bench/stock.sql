-- What moved in a warehouse, in sales' database: as many moves as `dev/bench/stock.py` says, of as many products,
-- over 400 days, a hundredth of them entered a week late; what is on hand follows from them.

CREATE FUNCTION pg_temp.id(prefix text, n bigint) RETURNS text IMMUTABLE LANGUAGE sql
AS $$ SELECT prefix || '_' || lpad(n::text, 26, '0') $$;

INSERT INTO product (product_id, sku, name, unit_price, currency, tax_percent, is_active, search_key, version, is_stocked)
SELECT pg_temp.id('prd', n), 'STOCK-' || lpad(n::text, 6, '0'), 'Thing ' || n, 1000, 'EUR', 19, true, 'stock' || n, 1, true
FROM generate_series(1, %(products)s) AS n;

INSERT INTO stock_move (move_id, key, product_id, quantity, kind, status, moved_on, unit_cost, value, recorded_at,
                        recorded_by, done_at, done_by)
SELECT pg_temp.id('mov', n), 'bench:' || n, pg_temp.id('prd', 1 + n %% %(products)s),
       CASE WHEN comes_in THEN 20 ELSE -4 END, CASE WHEN comes_in THEN 'receipt' ELSE 'shipment' END, 'done',
       moved_on, CASE WHEN comes_in THEN 500 END, CASE WHEN comes_in THEN 10000 ELSE -2000 END, at, 'bench', at, 'bench'
FROM generate_series(0, %(moves)s - 1) AS n
CROSS JOIN LATERAL (
    SELECT current_date - 400 + (n * 400 / %(moves)s)::int AS moved_on, (n / %(products)s) %% 4 = 0 AS comes_in
) AS one
CROSS JOIN LATERAL (
    SELECT least(now(), moved_on + interval '9 hours' + interval '7 days' * (n %% 100 = 0)::int) AS at
) AS two;

INSERT INTO stock_level (product_id, on_hand, reserved, value, average_cost, version)
SELECT product_id, sum(quantity), 0, sum(value), 500, count(*) FROM stock_move
WHERE recorded_by = 'bench' GROUP BY product_id;

INSERT INTO stock_month (product_id, month, place_id, quantity, value)
SELECT product_id, date_trunc('month', moved_on)::date, '', sum(quantity), sum(value) FROM stock_move
WHERE recorded_by = 'bench' GROUP BY 1, 2;
