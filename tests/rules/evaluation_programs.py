"""Small modules whose one-letter names are compared with what a real run gives."""

PROGRAMS = {
    "constants": "A = 'x' + 'y'; B = f'{A}/{1 + 2}'; C = [A, B]; D = {'a': 1, **{'b': 2}}; E = -3",
    "text": "A = 'a-b'.upper().replace('-', '_'); B = '/'.join(['x', 'y']); C = '%s-%d' % ('a', 2)",
    "factory": """
        def make(prefix, *, suffix='z', **rest):
            parts = [prefix]
            for key, value in rest.items():
                parts.append(f'{key}{value}')
            return '/'.join(parts) + suffix
        A = make('p', one=1, two=2)
        B = make(prefix='q', suffix='')
    """,
    "loops": """
        A = []
        for index, name in enumerate(('a', 'b')):
            A.append((index, name))
        B = [x * 2 for x in range(5) if x % 2]
        C = {k: v for k, v in zip(['a'], [1])}
    """,
    "branches": """
        def pick(flag):
            if flag:
                return 'yes'
            elif flag is None:
                return 'none'
            return 'no'
        A, B, C = pick(1), pick(None), pick(0)
        D = A if B == 'none' else C
        E = A and C
        F = '' or B
    """,
    "classes": """
        class Base:
            kind = 'base'
            def __init__(self, name, times=2):
                self.name = name * times
            def full(self):
                return f'{self.kind}:{self.name}'
            @classmethod
            def build(cls, name):
                return cls(name)
            @staticmethod
            def const():
                return 7
            @property
            def size(self):
                return len(self.name)
        class Child(Base):
            kind = 'child'
            def __init__(self, name):
                super().__init__(name, times=1)
                self.extra = True
        A = Base('x').full()
        B = Child('y').full()
        C = Child.build('zz').name
        D = Base.const()
        E = Child('a').extra
    """,
    "closures": """
        def outer(a):
            def inner(b):
                return a + b
            return inner
        A = outer('x')('y')
        f = lambda v, w=1: v + w
        B = f(2)
        def counter():
            n = 0
            def bump():
                nonlocal n
                n = 5
            bump()
            return n
        C = counter()
    """,
    "decorators": """
        import functools
        def twice(fn):
            @functools.wraps(fn)
            def wrapper(*args, **kwargs):
                return fn(*args, **kwargs) * 2
            return wrapper
        @twice
        def word(w='ab'):
            return w
        A = word()
        B = word(w='c')
        C = word.__name__
    """,
    "enums": """
        import enum
        class Tag(str, enum.Enum):
            users = 'users'
            items = 'items'
        A = Tag.users.value
        B = Tag.items.name
    """,
    "matching": """
        def pick(x):
            match x:
                case 1:
                    return 'one'
                case 'two':
                    return '2'
                case _:
                    return 'other'
        A, B, C = pick(1), pick('two'), pick(3)
    """,
    "partials": """
        import functools
        def f(a, b, c=3): return [a, b, c]
        A = functools.partial(f, 1)(2)
        B = functools.partial(f, c=9)(1, 2)
    """,
    "slices": "L = [1, 2, 3, 4]; A = L[1:3]; B = L[-1]; C = 'abc'[0]; D = (1, 2)[1]",
    "containers": """
        d = {}
        d['x'] = 1
        d.update(y=2)
        A = d.get('y')
        B = d.get('z', 9)
        l = [1]
        l += [2]
        l.extend((3,))
        C = l
    """,
}

PACKAGE = {
    "app/__init__.py": "from app.core import VERSION\n",
    "app/core/__init__.py": "VERSION = '1'\nfrom .paths import *\n",
    "app/core/paths.py": "__all__ = ['PREFIX']\nPREFIX = '/api'\nHIDDEN = 'no'\n",
    "app/one.py": "from app import two\nNAME = 'one'\ndef late(): return two.NAME + NAME\n",
    "app/two.py": "import app.one\nNAME = 'two'\ndef late(): return app.one.NAME\n",
    "app/main.py": "import app.core as c\nfrom app import one, core\nfrom app.core import PREFIX as P\n"
    "A = c.VERSION + P\nB = one.late()\nC = one.two.late()\n",
}

HOSTILE = [
    "def f(n): return f(n + 1)\nA = f(0)",
    "A = []\nA.append(A)\nB = [x for x in A]",
    "A = 'x'\nfor i in range(1000):\n    for j in range(1000):\n        for k in 'ab':\n            A += 'y'",
    "from main import A\nA = A",
    "import main\nA = main.A",
    "class A(A): pass",
    "A = " + "(" * 50 + "1" + ")" * 50,
    "A = " + " + ".join(["B"] * 900),
    "while True:\n    A = 1",
    "A = [[[[y for y in range(99)] for x in range(99)] for z in range(99)] for w in range(99)]",
    "A = 2 ** 2 ** 2 ** 99",
    "A = 'x' * 10 ** 12",
    "class A:\n    def __init__(self): self.b = A()\nB = A()",
    "def d(f): return d(f)\n@d\ndef g(): pass",
]
