-- Schema and data of the demo, the same bytes on every server and in every run (MariaDB 10.6+, MySQL 8.0+).
-- Numbers come from crossed digits: recursion depth has other names and limits on each server.
SET NAMES utf8mb4;
SET time_zone = '+00:00';

DROP TABLE IF EXISTS rule_category_links, rule_categories, bazi_rules, daily_fortune_jianchu;

CREATE TABLE bazi_rules (
  id BIGINT NOT NULL AUTO_INCREMENT,
  rule_code VARCHAR(64) NOT NULL,
  title VARCHAR(200) NOT NULL,
  condition_json JSON NOT NULL,
  weight DECIMAL(12,6) NOT NULL DEFAULT 0,
  enabled TINYINT NOT NULL DEFAULT 1,
  created_at DATETIME(6) NOT NULL,
  updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (id),
  UNIQUE KEY uk_rule_code (rule_code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE daily_fortune_jianchu (
  fortune_date DATE NOT NULL,
  jianchu VARCHAR(8) NOT NULL,
  text TEXT NOT NULL,
  score INT NOT NULL,
  hits INT UNSIGNED NOT NULL DEFAULT 0,
  updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (fortune_date, jianchu)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE rule_categories (
  id INT NOT NULL,
  name VARCHAR(64) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uk_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE rule_category_links (
  category_id INT NOT NULL,
  rule_id BIGINT NOT NULL,
  note VARCHAR(100) NULL,
  PRIMARY KEY (category_id, rule_id),
  KEY k_rule (rule_id),
  CONSTRAINT fk_link_category FOREIGN KEY (category_id) REFERENCES rule_categories (id),
  CONSTRAINT fk_link_rule FOREIGN KEY (rule_id) REFERENCES bazi_rules (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TEMPORARY TABLE digits (d INT NOT NULL PRIMARY KEY);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TEMPORARY TABLE d2 SELECT * FROM digits;
CREATE TEMPORARY TABLE d3 SELECT * FROM digits;
CREATE TEMPORARY TABLE d4 SELECT * FROM digits;
CREATE TEMPORARY TABLE d5 SELECT * FROM digits;
CREATE TEMPORARY TABLE numbers (n INT NOT NULL PRIMARY KEY);
INSERT INTO numbers
  SELECT e.d * 10000 + a.d * 1000 + b.d * 100 + c.d * 10 + f.d
  FROM d5 e, d4 a, d3 b, d2 c, digits f
  WHERE e.d < 6
  ORDER BY 1;

-- 50,000 rules, id 1 to 50000.
INSERT INTO bazi_rules (id, rule_code, title, condition_json, weight, enabled, created_at, updated_at)
  SELECT
    n + 1,
    CONCAT('BZ-', LPAD(n + 1, 6, '0')),
    CONCAT(
      ELT(1 + n % 10, '甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'),
      ELT(1 + n % 12, '子', '丑', '寅', '卯', '辰', '巳', '午', '未', '申', '酉', '戌', '亥'),
      '日主', ELT(1 + n % 5, '身旺', '身弱', '从格', '化格', '中和'), '，',
      ELT(1 + n DIV 7 % 4, '宜用官杀', '宜用印绶', '宜用食伤', '宜用财星'), '（第', n + 1, '条）'),
    JSON_OBJECT(
      'stem', n % 10, 'branch', n % 12, 'min_strength', n % 101 / 1e2,
      'tags', JSON_ARRAY(ELT(1 + n % 3, '吉', '凶', '平'), CONCAT('组', n % 97))),
    (n * 7919 % 1000003) / 1000,
    n % 20 <> 0,
    TIMESTAMPADD(MICROSECOND, n * 1000003, '2024-01-01 08:00:00.000000'),
    TIMESTAMPADD(SECOND, n * 61, '2025-01-01 00:00:00')
  FROM numbers
  WHERE n < 50000
  ORDER BY n;

-- 60,000 fortunes: twelve a day for 5,000 days from 2015-01-01.
INSERT INTO daily_fortune_jianchu (fortune_date, jianchu, text, score, hits, updated_at)
  SELECT
    TIMESTAMPADD(DAY, n DIV 12, '2015-01-01'),
    ELT(1 + n % 12, '建', '除', '满', '平', '定', '执', '破', '危', '成', '收', '开', '闭'),
    CONCAT(
      '今日', ELT(1 + n * 7 % 6, '宜出行', '宜嫁娶', '宜安床', '宜开市', '宜祭祀', '诸事不宜'),
      '；', ELT(1 + n * 11 % 4, '忌动土', '忌远行', '忌争讼', '百无禁忌'), '。\n',
      REPEAT('福生于微，', 1 + n % 5), '编号', n),
    CAST(CRC32(n) % 101 AS SIGNED),
    CRC32(n + 1) % 5000,
    TIMESTAMPADD(SECOND, n * 53, '2023-01-01 00:00:00')
  FROM numbers
  ORDER BY n;

INSERT INTO rule_categories VALUES
  (1, '婚姻'), (2, '事业'), (3, '财运'), (4, '健康'), (5, '学业'), (6, '子女'), (7, '出行'), (8, '综合');

INSERT INTO rule_category_links
  SELECT 1 + n % 8, n + 1, IF(n % 3 = 0, NULL, CONCAT('备注', n)) FROM numbers WHERE n < 2000 ORDER BY 1 + n % 8, n;

DROP TEMPORARY TABLE digits, d2, d3, d4, d5, numbers;
