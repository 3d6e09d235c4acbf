"""mutants.py - the changes of the series that scripts/mutate tests"""
import collections
import hashlib
import random
import re

FILES = ["mm/objcache*.c", "include/linux/objcache*.h", "lib/rhashtable.c", "include/linux/rhashtable.h"]

ARG = r"((?:[^(),]|\((?:[^()]|\([^()]*\))*\))+)"
RELAX = (  # pattern, replacement
    (r"\brefcount_set_release\(", "refcount_set("),
    (r"\brefcount_inc_not_zero_acquire\(", "refcount_inc_not_zero("),
    (rf"\brefcount_dec_and_test\({ARG}\)", r"!atomic_dec_return_relaxed(&(\1)->refs)"),
    (rf"\brefcount_dec_if_one\({ARG}\)", r"({ int one = 1; atomic_try_cmpxchg_relaxed(&(\1)->refs, &one, 0); })"),
    (r"\bsmp_(?:r?mb|acquire__after_ctrl_dep|mb__(?:before|after)_atomic)\(\)", "barrier()"),
    (r"\bsmp_store_release\(", "WRITE_ONCE(*"), (r"\bsmp_load_acquire\(", "READ_ONCE(*"),
    (r"\brcu_assign_pointer\(", "RCU_INIT_POINTER("), (r"\bcmpxchg\(", "cmpxchg_relaxed("),
    (rf"\bREAD_ONCE\({ARG}\)", r"(\1)"),
    (rf"\bWRITE_ONCE\({ARG}, {ARG}\)", r"(\1) = (\2)"),
)
OTHER = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "&&": "||", "||": "&&", "+": "-", "-": "+"}
STATEMENT = (r"^(\t+)(?!(?:if|else|for|while|do|switch|case|default|static|const|struct|union|enum|unsigned|void|int|bool|"
             r"long|char|[us]8|[us]16|[us]32|[us]64|\w+_t|\w+:|\w*for_each\w*|LIST_HEAD)\b)([\w*(+-][^;{}]*;)$")

def squeeze(text):
    return re.sub(r"\s+", " ", text).strip()

def mask(text):
    """The same with spaces instead of comments, strings and preprocessor lines."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    text = re.sub(r"/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\])+'", blank, text, flags=re.S)
    return re.sub(r"^#(?:.*\\\n)*.*$", blank, text, flags=re.M)

def closing(text, at):
    """The position of the parenthesis that closes the one at text[at]."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        if not depth:
            return i
    return len(text)

def changes(code, text, low, high):
    """(operator, begin, end, replacement) in a function body; CODE is the masked TEXT."""
    def find(pattern):
        return re.compile(pattern, re.M).finditer(code, low, high)

    for m in find(r"\b(if|while) \("):
        begin, end = m.end(), closing(code, m.end() - 1)
        yield "negate condition", begin, end, f"!({text[begin:end]})"
        if m.group(1) == "if":
            yield "skip check", begin, end, f"0 && ({text[begin:end]})"
    for m in find(r"(?<=\s)(==|!=|<=?|>=?|&&|\|\|)(?=\s)|(?<=[\w)\]] )[+-](?= [\w(&])"):
        yield "other operator", m.start(), m.end(), OTHER[m.group()]
    for m in find(r"(?<![\w.])(0x[0-9a-f]+|0|[1-9]\d*)([UL]*)\b"):
        yield "off by one", m.start(), m.end(), f"{int(m.group(1), 0) + 1}{m.group(2)}"
    for m in find(r"\b(true|false)\b|-E[A-Z0-9]+\b"):
        yield "wrong value", m.start(), m.end(), {"true": "false", "false": "true"}.get(m.group(), "-EDOM")
    for pattern, replacement in RELAX:
        for m in find(pattern):
            yield "relax ordering", m.start(), m.end(), m.expand(replacement)
    # Statements begin and end with their line.
    before = None
    for m in find(STATEMENT):
        previous = code[low:m.start()].rstrip()
        alone = not previous or previous[-1] in ";{}:"
        if not (alone or previous[-1] == ")" or previous.endswith("else")):
            continue
        lines = "\n" * m.group(2).count("\n")
        if not re.match(r"(return|goto|break|continue)\b", m.group(2)):
            yield "drop statement", m.start(2), m.end(2), ";" + lines
            if before and before.end() + 1 == m.start() and before.group(1) == m.group(1) and alone:
                yield "swap statements", before.start(2), m.end(2), (
                    text[m.start(2):m.end(2)] + "\n" + m.group(1) + text[before.start(2):before.end(2)])
            before = m if alone else None
        elif len(m.group(1)) > 1:
            yield "drop error path", m.start(2), m.end(2), ";" + lines

class Mutant:
    def __init__(self, path, function, operator, begin, end, replacement, text):
        self.path, self.function, self.operator = path, function, operator
        self.begin, self.end, self.replacement = begin, end, replacement
        self.line = text.count("\n", 0, begin) + 1
        first, last = text.rfind("\n", 0, begin) + 1, text.find("\n", end)
        self.before, self.after = text[first:last], text[first:begin] + replacement + text[end:last]
        key = "\0".join((self.before, str(begin - first), replacement))
        self.id = ":".join((path, function, operator.replace(" ", "-"), hashlib.sha1(key.encode()).hexdigest()[:8]))

def all_mutants(git):
    """{(file, function): [mutant]}, found by a function that runs git in the tree. An ID stays the same as long as the line does."""
    result = collections.defaultdict(dict)
    for path in git("ls-files", *FILES).split():
        text = git("show", f"HEAD:{path}")
        added = set()   # lines
        for m in re.finditer(r"^@@ .* \+(\d+)(?:,(\d+))? @@", git("diff", "-U0", "objcache-base", "HEAD", "--", path), re.M):
            added.update(range(int(m.group(1)), int(m.group(1)) + int(m.group(2) or 1)))
        code = mask(text)
        for m in re.finditer(r"^\{", code, re.M):
            head = re.split(r"[};]", code[:m.start()])[-1]
            name, end = re.search(r"(\w+)\s*\(", head), code.find("\n}", m.end())
            for change in changes(code, text, m.end(), end) if name and end > 0 else ():
                mutant = Mutant(path, name.group(1), *change, text)
                while mutant.id in result[path, mutant.function]:   # equal lines
                    mutant.id += "+"
                if mutant.line in added:
                    result[path, mutant.function][mutant.id] = mutant
    return {key: list(mutants.values()) for key, mutants in result.items() if mutants}

def drawn(left, seed):
    """All mutants in rounds: a round takes one of each function, of the operator least used there."""
    rng, used, order = random.Random(seed), collections.defaultdict(collections.Counter), []
    while left:
        for key in rng.sample(sorted(left), len(left)):
            operators = sorted({m.operator for m in left[key]})
            operator = min(rng.sample(operators, len(operators)), key=lambda o: used[key][o])
            used[key][operator] += 1
            order.append(rng.choice([m for m in left[key] if m.operator == operator]))
            left[key].remove(order[-1])
            if not left[key]:
                del left[key]
    return order
