"""where a platform says that somebody is, and whether the roster says so

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('contact', sa.Column('timezone', sa.String(), nullable=False, server_default=''))
    # Until the roster is loaded again, every zone counts as named there, and stays.
    op.add_column('participant', sa.Column('own_zone', sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column('participant', 'own_zone')
    op.drop_column('contact', 'timezone')
