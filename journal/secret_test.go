package journal

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawn is n bytes that look drawn by a machine, from an alphabet of letters and digits.
// No token stands in this file as a whole: scanners of source code read it too.
func drawn(n int) string { return drawnFrom("k7Qz2Vx9TbN4mRw8Jd5LsG3pYc6Hf1ZaEuBtKo0Xn", n) }

func drawnHex(n int) string { return drawnFrom("4f1c9ae07b3d258e6", n) }

func drawnUpper(n int) string { return drawnFrom("Q7ZK2VX9TBN4MRW8JD5LSG3P", n) }

func drawnFrom(alphabet string, n int) string {
	return strings.Repeat(alphabet, n/len(alphabet)+1)[:n]
}

const (
	pemFirst = "-----BEGIN " + "RSA PRIVATE KEY-----"
	pemLast  = "-----END " + "RSA PRIVATE KEY-----"
)

// secretSamples holds texts with the values to be found between « and ».
func secretSamples() []struct{ kind, text string } {
	jwt := "eyJ" + drawn(17) + "." + "eyJ" + drawn(40) + "." + drawn(43)
	line := drawn(64)
	return []struct{ kind, text string }{
		// Addresses.
		{"password in url", "psql postgres://app:«hunter2»@db1.internal:5432/shop"},
		{"password in url", "postgres://:«pw»@localhost/db"},
		{"password in url", "REDIS_URL=redis://:«S3cret»@cache:6379/0"},
		{"password in url", "git clone https://deploy:«" + drawn(20) + "»@git.corp.net/x.git"},
		{"password in url", "amqp://guest:«gu3st!»@mq"},
		{"password in url", "mongodb+srv://root:«p@ss:w0rd»@cluster0.mongodb.net/x?retryWrites=true"},
		{"password in url", "postgres://u:«pa/ss»@h/db"},
		{"password in url", `dial failed: "mysql://root:«toor»@10.0.0.3/x"`},

		// Settings.
		{"password", "password=«hunter2»"},
		{"password", "PASSWORD=«letmein»"},
		{"password", "passwd: «hunter2»"},
		{"password", "PASSWORD: «Tr0ub4dor&3»"},
		{"password", "  password: «letmein»"},
		{"password", "- pass: «s3cr3t!»"},
		{"password", "export DB_PASS='«correct horse battery staple»'"},
		{"password", "DB_PASSWORD=«abc&def;g,h»"},
		{"password", "PGPASSWORD=«hunter2» psql -h db1"},
		{"password", "spring.datasource.password = «Summer2026»"},
		{"password", "db_password = \"«Summer2026»\" # terraform"},
		{"password", "dbPassword2: '«Summer2026»',"},
		{"password", `{"user": "app", "password": "«hunter2»", "db": 3}`},
		{"password", `msg="login" body="{\"password\":\"«hun\\\"ter2»\",\"x\":1}"`},
		{"password", `cfg["password"] = "«hunter2»"`},
		{"password", "Server=db;User Id=sa;Pwd=«Summer2026»;Encrypt=true"},
		{"password", "POST /login?user=bob&password=«hunter2»&next=/"},
		{"password", "<password>«hunter2»</password>"},
		{"password", "**Password:** «hunter2»"},
		{"password", "`password=«hunter2»` in the env"},
		{"password", "the db password is «hunter2», do not tell"},
		{"password", "password:«hunter2»"},
		{"password", "password => «hunter2»"},
		{"password", "password := \"«hunter2»\""},
		{"password", "Kennwort: «Sommer2026»"},
		{"password", "passphrase: \"«tulip 7 anvil»\""},
		{"password", "curl --data 'password=«hunter2»'"},
		{"password", "openssl rsa -passin pass:«hunter2» -in k.pem"},
		{"password", "vault login --password «hunter2»"},
		{"password", "- log password=«hunter2» <!-- e:9xq2kd r1 -->"},
		{"password", "password=«hunter2»<!-- e:9xq2kd r1 -->"},
		{"password", "password=«$2y$10$" + drawn(22) + "»"},
		{"secret", `"secret": "«` + drawn(24) + `»"`},
		{"secret", "client_secret=«" + drawn(24) + "»&grant_type=x"},
		{"secret", "SLACK_SIGNING_SECRET=«" + drawnHex(32) + "»"},
		{"token", "X-Auth-Token: «" + drawnHex(40) + "»"},
		{"token", "https://api.corp.net/v1?access_token=«" + drawn(32) + "»&x=1"},
		{"token", "//registry.npmjs.org/:_authToken=«" + drawn(36) + "»"},
		{"api key", "X-Api-Key: «" + drawn(32) + "»"},
		{"api key", `apiKey: "«` + drawn(32) + `»"`},
		{"api key", "HEROKU_API_KEY=«3f2a9c1e-7b3d-4c58-8e60-4f1c9ae07b3d»"},
		{"api key", "deploy --api-key «" + drawn(32) + "» --prod"},
		{"access key", "aws_secret_access_key = «" + drawn(17) + "/" + drawn(22) + "»"},
		{"access key", `"SecretAccessKey": "«` + drawn(20) + "+" + drawn(19) + `»"`},
		{"token", `"SessionToken": "«` + drawn(200) + `==»"`},
		{"account key", "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=«" + drawn(86) + "==»;EndpointSuffix=core.windows.net"},
		{"secret key", "SECRET_KEY_BASE=«" + drawnHex(64) + "»"},
		{"signature", "https://b.s3.amazonaws.com/x?X-Amz-Date=20261120T140502Z&X-Amz-Signature=«" + drawnHex(64) + "»"},
		{"signature", "https://shop.blob.core.windows.net/x?sv=2025-01-05&se=2026-11-21&sig=«" + drawn(40) + "%3D»"},

		// Commands.
		{"password", "mysql -uroot -p«S3cret» -h db1"},
		{"password", "$ sudo /usr/bin/mysqldump -u root -p'«S3 cret»' shop > x.sql"},
		{"password", "docker exec -it db mysql -p«letmein» shop"},
		{"password", "redis-cli -h cache -a «letmein» FLUSHALL"},
		{"password", "curl -sS -u admin:«letmein» https://es:9200/_cat"},
		{"password", "curl --user 'admin:«let me in»' https://es:9200/_cat"},
		{"password", "sshpass -p «letmein» ssh -p 2222 root@db1"},
		{"password", "docker login -u bot -p «letmein» registry.corp.net"},
		{"password", "ldapsearch -x -D cn=admin -w «letmein»"},

		// Headers.
		{"authorization", "Authorization: Bearer «" + drawn(40) + "»"},
		{"authorization", "curl -H 'Authorization: Bearer «" + drawn(40) + "»' https://x"},
		{"authorization", `"authorization":"Bearer «` + drawn(40) + `»"`},
		{"authorization", "authorization: Basic «YWRtaW46bGV0bWVpbg==»"},
		{"authorization", "Authorization: token «" + drawnHex(40) + "»"},
		{"authorization", "Authorization: «" + drawn(40) + "»"},
		{"bearer token", "sent Bearer «" + drawn(40) + "», got 403"},
		{"authorization", "used Basic «" + base64.StdEncoding.EncodeToString([]byte("admin:letmein")) + "» there"},
		{"cookie", "Cookie: «session=" + drawn(20) + "; theme=dark»"},
		{"cookie", "Set-Cookie: «sid=" + drawn(20) + "»; Path=/; HttpOnly"},
		{"cookie", "curl -H 'Cookie: «session=" + drawn(20) + "»' -X POST"},
		{"cookie", `"cookie": "«session=` + drawn(20) + `»"`},

		// Tokens with a name.
		{"aws access key id", "key «AK" + "IA" + drawnUpper(16) + "» was in the log"},
		{"aws access key id", "AWS_ACCESS_KEY_ID=«AS" + "IA" + drawnUpper(16) + "»"},
		{"github token", "«gh" + "p_" + drawn(36) + "»"},
		{"github token", "GITHUB_TOKEN=«gh" + "s_" + drawn(36) + "»"},
		{"github token", "https://«github" + "_pat_" + drawn(22) + "_" + drawn(59) + "»@github.com/x"},
		{"github token", `{"log":"x\n«gh` + "o_" + drawn(36) + `»\n"}`},
		{"github token", "next%3D«gh" + "u_" + drawn(36) + "»%26"},
		{"gitlab token", "«glp" + "at-" + drawn(20) + "»."},
		{"gitlab token", "«glp" + "at-" + drawn(27) + ".01.0w1" + drawn(6) + "»"},
		{"slack token", "«xox" + "b-2" + drawnFrom("0123456789", 11) + "-" + drawn(24) + "»"},
		{"slack webhook", "POST https://hooks.slack.com/services/«T" + drawnUpper(8) + "/B" + drawnUpper(8) + "/" + drawn(24) + "»"},
		{"discord webhook", "https://discord.com/api/webhooks/«" + drawnFrom("0123456789", 18) + "/" + drawn(60) + "»"},
		{"google api key", "?key=«AI" + "za" + drawn(35) + "»"},
		{"google access token", "«ya" + "29." + drawn(60) + "»"},
		{"stripe key", "«sk" + "_live_" + drawn(24) + "»"},
		{"stripe key", "«rk" + "_live_" + drawn(24) + "»"},
		{"npm token", "«npm" + "_" + drawn(36) + "»"},
		{"pypi token", "«py" + "pi-AgEIcHlwaS5vcmc" + drawn(60) + "»"},
		{"docker token", "«dckr" + "_pat_" + drawn(27) + "»"},
		{"anthropic key", "«sk" + "-ant-api03-" + drawn(40) + "»"},
		{"api key", "«sk" + "-proj-" + drawn(40) + "»"},
		{"sendgrid key", "«SG" + "." + drawn(22) + "." + drawn(43) + "»"},
		{"twilio key", "«SK" + drawnHex(32) + "»"},
		{"digitalocean token", "«dop" + "_v1_" + drawnHex(64) + "»"},
		{"vault token", "«hv" + "s." + drawn(90) + "»"},
		{"hugging face token", "«hf" + "_" + drawn(34) + "»"},
		{"age key", "«AGE-SECRET" + "-KEY-1" + drawnUpper(58) + "»"},
		{"jwt", "id token «" + jwt + "» seen"},
		{"jwt", "«eyJ" + drawn(17) + "." + "eyJ" + drawn(40) + "»"},

		// Keys in armour.
		{"private key", "«" + pemFirst + "\n" + line + "\n" + line + "\nab==\n" + pemLast + "»\n"},
		{"private key", "«" + pemFirst + "\r\n" + line + "\r\n" + pemLast + "»"},
		{"private key", "cut off: «" + pemFirst + "\n" + line + "\n" + line[:20] + "»"},
		{"private key", "«" + pemFirst + "\n" + line + "\n" + line[:20] + "»\nand then we stopped\n"},
		{"private key", "«" + pemFirst + "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC," + drawnUpper(32) + "\n\n" + line + "»"},
		{"private key", `{"private_key": "«` + pemFirst + `\n` + line + `\n` + line + `\n` + pemLast + `»\n"}`},
		{"private key", `"{\"private_key\":\"«` + pemFirst + `\\n` + line + `\\n` + pemLast + `»\\n\"}"`},
		{"private key", "«-----BEGIN " + "OPENSSH PRIVATE KEY-----\n14:05 | " + line + "\n14:05 | " + line + "\n14:05 | -----END OPENSSH PRIVATE KEY-----»"},
		{"private key", "«-----BEGIN " + "PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n" + line + "\n-----END PGP PRIVATE KEY BLOCK-----»"},
		{"private key", "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 2\n«" + line + "\n" + line[:20] + "»\nPrivate-MAC: " + drawnHex(8)},
	}
}

// unmark takes « and » out of a sample and gives the values between them.
func unmark(marked string) (text string, values []string) {
	var b strings.Builder
	for i, piece := range strings.FieldsFunc("\x00"+marked+"\x00", func(r rune) bool { return r == '«' || r == '»' }) {
		if i%2 == 1 {
			values = append(values, piece)
		}
		b.WriteString(piece)
	}
	return strings.Trim(b.String(), "\x00"), values
}

func TestFindSecretsFindsTheValueAndNoMore(t *testing.T) {
	for _, tt := range secretSamples() {
		text, values := unmark(tt.text)
		var got, kinds []string
		for _, s := range FindSecrets(text) {
			got = append(got, text[s.Start:s.End])
			kinds = append(kinds, s.Kind)
		}
		if !slices.Equal(got, values) || len(kinds) != 1 || kinds[0] != tt.kind {
			t.Errorf("%q\n got %s %q\nwant [%s] %q", text, kinds, got, tt.kind, values)
		}
	}
}

func TestMaskSecretsKeepsTheRest(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "",
		"rolled back to v41":         "rolled back to v41",
		"password=hunter2 user=bob":  "password=[masked: password] user=bob",
		"a postgres://u:hunter2@h/d": "a postgres://u:[masked: password in url]@h/d",
		"pw=hunter2\n" + "gh" + "p_" + drawn(36) + "!":       "pw=[masked: password]\n[masked: github token]!",
		`{"password":"hunter2","token":"` + drawn(30) + `"}`: `{"password":"[masked: password]","token":"[masked: token]"}`,
	} {
		if got := MaskSecrets(in); got != want {
			t.Errorf("MaskSecrets(%q) = %q, want %q", in, got, want)
		}
	}
}

func harmlessTexts() []string {
	return []string{
		"", "rolled back to v41", "the password field is empty", "password", "password:", "password=", "PASSWORD= ", "password: ", "password=\nuser=bob",
		"password=''", `"password": ""`, `{"password": null}`, "password=***", "password: ********", "password: <redacted>", "password=[REDACTED]",
		"password=[masked: password]", "https://u:[masked: password in url]@h", "password=$PASSWORD", "password: ${DB_PASS}", "PASSWORD=\"$(cat /run/x)\"",
		"password=%s", "password=%(pw)s", "password={{ .Values.db.password }}", "password: {password}", "password=<your password>", "--password=${PW}",
		"password: changed it", "Password: changed", "password: see the vault", "password: rotated at 14:05", "password: 2026-11-20", "password: n/a", "password: ok",
		"password: string", "password=xxxx", "password: xxxxxxxx", "password=your-password-here", "password=example", "password=changeme", "password: \"********\"",
		`"password": "must be at least 8 characters"`, "password: required", "the password is wrong", "the password is base64 encoded", "password is 8 characters",
		"token expired", "token: expired", "the token is stale", "tokens: 4096", "max_token: 128000", "next_page_token=" + drawn(20), "token=abc", "token: null",
		"token: github.com/x/y-2", "secret: db-credentials-2", "secret: default/db-creds", "secretName: db-creds-v2", "secret sauce: patience", "secret=$SECRET",
		"api_key: YOUR_API_KEY", "apiKey = config.apiKey", "api_key=os.environ['API_KEY']", "api key: missing", "password = getPassword(user2)", "password = self.password",
		"password=process.env.DB_PASSWORD2", "if password == other2 {", "password != \"x1y2z3\"", "func Check(password string) error", "password: String,", "let password: Option<String2>",
		"auth.password::hash2", "password_file=/run/secrets/db2", "password=/run/secrets/db_password", "password_hash: x", "passwords: 12", "PWD=/home/bob2/src", "OLDPWD=/home/bob",
		"--- PASS: TestLogin2 (0.00s)", "PASS: 12 FAIL: 3", "pass=12 fail=3", "bypass=true2", "compass: n0rth", "pwd: /srv/app2",
		"commit 4f1c9ae07b3d258e64f1c9ae07b3d258e64f1c9a", "request 3f2a9c1e-7b3d-4c58-8e60-4f1c9ae07b3d", "sha256:" + drawnHex(64), "etag: \"" + drawnHex(32) + "\"",
		"data:image/png;base64," + drawn(400), "http://localhost:3000/@fs/x", "http://host:8080/a:b@c", "mail bob@corp.com", "git@github.com:x/y.git", "ssh://git@host:22/x",
		"https://user@host/x", "https://user:***@host", "https://user:$PW@host", "https://user:<password>@host", "https://u:xxxxx@host", "see http://x.y: bob@corp.com",
		"mysql -p shop", "mysql -uroot -p", "mysql -P3306 -h db", "mkdir -p foo2", "docker run -p 8080:80 x", "ssh -p 2222 host", "curl -u admin https://x", "curl -u $USER:$PASS x",
		"curl -X POST https://x2", "the --password flag", "use --token instead", "redis-cli -a $PW", "sort -u file; curl x",
		"Authorization: required", "Authorization: Bearer <token>", "Authorization: Bearer $TOKEN", "authorization: denied", "Basic authentication failed", "Basic realm=x", "bearer of bad news2",
		"bearer infrastructure-as-code-people", "Cookie: expired", "the cookie: chocolate", "Set-Cookie: sid=; Path=/", "cookie banner: a=b? no",
		"AKIA", "AKIA" + "IOSFODNN7" + "EXAMPLE", "AKIA" + strings.Repeat("X", 16), "gh" + "p_short", "gh" + "p_" + strings.Repeat("x", 36), "sk-spinner-double-bounce-wrapper", "task-force-number-12-34-56-78-90",
		"risk-based-approach-2026-in-depth", "SG.x.y", "xoxb-", "eyJhbGciOi", "npm_config_cache=/tmp/x2", "pypi-mirror", "hvs.", "AIzaNo",
		"-----BEGIN " + "CERTIFICATE-----\n" + drawn(64) + "\n-----END CERTIFICATE-----", "-----BEGIN " + "PUBLIC KEY-----\n" + drawn(64), "the file starts with -----BEGIN " + "PRIVATE KEY-----",
		pemFirst + "\n...\n" + pemLast, "-----BEGIN ", "PuTTY-User-Key-File-2: ssh-rsa", "Private-Lines: 14",
		"sig: bob", "signature: 12ab34cd56ef78ab90", "primary_key: id2", "cache key: user:42:profile", "foreign key=order_id2",
		"passwd:         compat", "passwd: files systemd", "pass=%#v", "this._password=s._password;break", "env = append(env, \"PWD=\"+dir)", "pwd = dir", "s.pwd = name;", "PWD=/tmp", "for pass := range 3 {", "token := &Token{Name: x1}", "key := \"password=\" + pw2", "read(\"Password: \", in2)",
		"read(\"the password: \", in2)", "THREAD_TOKEN = 0x0080", "<user>@<pass>:<host2>.", "the <token> column is2 old", "--- PASS: TestAddr/ipv6+zone (0.00s)", "$token=$entry->{token2}",
		"algo sk-ecdsa-sha2-nistp256-cert-v01", "h1:GqA5TC/0021Y/b9FG4KllzawFIhcdPw=,7f59f32c",
		"Passwort: geändert", "reset password: bob@corp.com", "password reset: 14 users", "key: " + drawn(30), "password: secret", "password=\"your password\"",
	}
}

func TestFindSecretsLeavesPlainTextAlone(t *testing.T) {
	for _, text := range harmlessTexts() {
		for _, s := range FindSecrets(text) {
			t.Errorf("%q: %s %q", text, s.Kind, text[s.Start:s.End])
		}
		if got := MaskSecrets(text); got != text {
			t.Errorf("MaskSecrets(%q) = %q", text, got)
		}
	}
}

func TestSecretSamplesAreMany(t *testing.T) {
	if yes, no := len(secretSamples()), len(harmlessTexts()); yes < 60 || no < 60 {
		t.Errorf("%d secrets and %d harmless texts; 60 of each keep the rules honest", yes, no)
	}
}

// checkMask holds for every text.
func checkMask(t interface{ Fatalf(string, ...any) }, text string) {
	end := 0
	for _, s := range FindSecrets(text) {
		if s.Start < end || s.End <= s.Start || s.End > len(text) || s.Kind == "" {
			t.Fatalf("%q: %+v after %d", text, s, end)
		}
		end = s.End
	}
	masked := MaskSecrets(text)
	if left := FindSecrets(masked); len(left) > 0 {
		t.Fatalf("%q masked is %q, with %+v in it", text, masked, left)
	}
	if end == 0 && masked != text {
		t.Fatalf("%q has no secret and became %q", text, masked)
	}
}

// A value of 16 drawn bytes, in any of many frames and company, is nowhere in the result.
func TestMaskSecretsNeverShowsAValue(t *testing.T) {
	frames := []string{
		"password=%s", "PASSWORD: %s", `"password": "%s"`, `{\"password\":\"%s\"}`, "export DB_PASS='%s'", "token=%s", "X-Api-Key: %s", "client_secret=%s&x=1",
		"https://u:%s@host/path", "redis://:%s@h", "mysql -p%s db", "redis-cli -a %s", "curl -u bob:%s https://x", "Authorization: Bearer %s", "Cookie: sid=%s; a=b",
		"Bearer %s", "<password>%s</password>", "the password is %s", "--password %s", "AccountKey=%s;", "gh" + "p_%[1]s%[1]s",
		"-----BEGIN " + "PRIVATE KEY-----\n%s\n-----END " + "PRIVATE KEY-----", "-----BEGIN " + "PRIVATE KEY-----\\n%s",
	}
	company := rapid.OneOf(rapid.SampledFrom(append(harmlessTexts(), frames...)), rapid.StringN(0, 20, 60))
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[a-z][A-Z][0-9][A-Za-z0-9]{12}[0-9]`).Draw(t, "value")
		frame := rapid.SampledFrom(frames).Draw(t, "frame")
		secret := fmt.Sprintf(frame, value)
		before, after := company.Draw(t, "before"), company.Draw(t, "after")
		text := before + "\n" + secret + "\n" + after
		if isSample(value) {
			t.Skip("a word of documentation by chance")
		}
		if masked := MaskSecrets(text); strings.Contains(masked, value) {
			t.Fatalf("%q masked is %q", text, masked)
		}
		checkMask(t, text)
	})
}

func TestMaskSecretsHoldsForAnyPieces(t *testing.T) {
	pieces := rapid.SampledFrom(append(strings.Split(`password|PASS|token|=|:| |"|'|\|\n|[masked: password]|[masked: |]|://|@|a:b@|mysql -p|curl -u |-|--password |Bearer |Basic |
|cookie|authorization|;|&|,|<|>|</|hunter2|S3cr3t!x9Q2|is |eyJ|.|?|sig|**|$X|x`, "|"), pemFirst, pemLast, drawn(20), drawn(70), "gh"+"p_", "\x00", "\xff", "é"))
	rapid.Check(t, func(t *rapid.T) {
		checkMask(t, strings.Join(rapid.SliceOfN(pieces, 0, 25).Draw(t, "pieces"), ""))
	})
}

func FuzzMaskSecrets(f *testing.F) {
	for _, tt := range secretSamples() {
		text, _ := unmark(tt.text)
		f.Add(text)
	}
	for _, text := range harmlessTexts() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkMask(t, text) })
}

// secretLoads are texts of one size: what people paste, and what would make a scan that
// looks ahead from every start take the square of the time.
func secretLoads(size int) map[string]string {
	fill := func(s string) string { return strings.Repeat(s, size/len(s)+1)[:size] }
	return map[string]string{
		"log line":       fill(`time=2026-11-20T14:05:02Z level=error msg="checkout failed" status=500 path="/api/v1/cart?id=42" dur=1.2s `),
		"json":           fill(`{"level":"info","ts":1763647502.25,"caller":"shop/cart.go:42","msg":"retrying","attempt":3,"err":"dial tcp 10.0.0.3:5432: i/o timeout"},`),
		"prose":          fill("We believed the rollback had finished. It had not: the old pods kept the password file open. "),
		"base64":         fill(drawn(41)),
		"passwords":      fill("password=hunter2 "),
		"x":              fill("x"),
		"hostile keys":   fill("password=$"),
		"hostile colons": fill("token:"),
		"hostile urls":   fill("a://"),
		"hostile ats":    fill("a://b@"),
		"hostile quotes": fill(`password:"the `),
		"hostile jwt":    fill("eyJ-"),
		"hostile dots":   fill("eyJaaaaaaaa.a."),
		"hostile flags":  fill("mysql -p "),
		"hostile pem":    fill("-----BEGIN " + "PRIVATE KEY-----"),
		"hostile cookie": fill("cookie:"),
		"hostile header": fill("-----BEGIN " + "PRIVATE KEY-----a:"),
		"hostile putty":  fill("Private-Lines:a:"),
		"hostile crumbs": fill("cookie:a=***"),
		"hostile lines":  fill("Private-Lines:AAAA"),
		"hostile basic":  fill("basic AAAAAAAA"),
		"hostile depth":  fill(`password:\"the password:'the `),
		"hostile auth":   fill("authorization: Bearer "),
		"hostile sk":     fill("sk-"),
		"hostile masks":  fill("[masked: "),
		"hostile equals": fill("a=\\"),
		"hostile xml":    fill("<password>"),
		"hostile amp":    fill("password=x&"),
	}
}

// BenchmarkFindSecrets looks at one long log line and at a whole note: the second
// should take as much longer as it is larger.
func BenchmarkFindSecrets(b *testing.B) {
	for _, size := range []int{32 << 10, 1 << 20} {
		benchmarkFindSecrets(b, size)
	}
}

func benchmarkFindSecrets(b *testing.B, size int) {
	for name, text := range secretLoads(size) {
		b.Run(fmt.Sprintf("%s-%dk", name, size>>10), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				FindSecrets(text)
			}
		})
	}
}
