"""return addresses of questions, and why one was set aside

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No key is at hand here: old questions are padded as soon as one return address of their go-live changes.
    empty = sa.text("''" if op.get_bind().dialect.name == 'postgresql' else "x''")
    op.add_column('question', sa.Column('return_address', sa.LargeBinary(), nullable=False, server_default=empty))
    op.add_column('question', sa.Column('set_aside_for', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('question', 'set_aside_for')
    op.drop_column('question', 'return_address')
